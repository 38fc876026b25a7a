package io.multiswarm.internal.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import reactor.core.publisher.Mono;

/** Casts ballots. */
record Ballots(NodeContext context, ConflictKeys keys) {

  Mono<Void> cast(Ownership voter, String conflictId, String choice) {
    return Mono.defer(
        () -> {
          Ids.check("conflictId", conflictId);
          Ids.checkSwarm("choice", choice);
          ScriptCall call =
              context
                  .appending(Script.CONFLICT_VOTE)
                  .keys(keys.of(conflictId))
                  .key(context.keys().roster())
                  .arg(voter.swarmId())
                  .arg(voter.incarnation())
                  .arg(choice)
                  .arg(Ids.unique("b"));
          return context
              .link()
              .run(call)
              .doOnNext(reply -> demandOk(reply, voter, conflictId, choice))
              .then();
        });
  }

  private static void demandOk(
      ScriptReply reply, Ownership voter, String conflictId, String choice) {
    if (!reply.isOk()) {
      throw refusal(reply, voter, conflictId, choice);
    }
  }

  private static CoordinationException refusal(
      ScriptReply reply, Ownership voter, String conflictId, String choice) {
    String swarm = voter.swarmId();
    return switch (reply.status()) {
      case "UNKNOWN" ->
          CoordinationException.of(ErrorCode.NOT_FOUND, "conflict: %s is not known", conflictId);
      case "PERMISSION_DENIED" ->
          CoordinationException.of(
              ErrorCode.PERMISSION_DENIED,
              "conflict: %s, swarm %s was not asked to vote",
              conflictId,
              swarm);
      case "INVALID_ARGUMENT" ->
          CoordinationException.invalid(
              "choice", "%s is neither %s nor %s", choice, reply.string(1), reply.string(2));
      case "ALREADY_EXISTS" ->
          CoordinationException.of(
              ErrorCode.ALREADY_EXISTS,
              "conflict: %s, swarm %s has voted already, for %s",
              conflictId,
              swarm,
              reply.string(1));
      case "FAILED_PRECONDITION" ->
          CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION, "conflict: %s, the vote has ended", conflictId);
      default -> OwnerRefusals.of(reply.status(), voter);
    };
  }
}
