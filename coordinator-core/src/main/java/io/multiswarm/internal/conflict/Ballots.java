package io.multiswarm.internal.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.List;
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
      throw refusal(Refused.from(reply), voter, conflictId, choice);
    }
  }

  /**
   * Why a ballot was not taken.
   *
   * @param choices there are, when that was none of them
   * @param earlier choice of the same voter, when there is one
   */
  @ReplyOf(Script.CONFLICT_VOTE)
  private record Refused(String status, List<String> choices, String earlier) {

    static Refused from(ScriptReply reply) {
      String status = reply.status();
      return new Refused(
          status,
          status.equals("INVALID_ARGUMENT") ? List.of(reply.string(1), reply.string(2)) : List.of(),
          status.equals("ALREADY_EXISTS") ? reply.string(1) : "");
    }
  }

  private static CoordinationException refusal(
      Refused refused, Ownership voter, String conflictId, String choice) {
    String swarm = voter.swarmId();
    return switch (refused.status()) {
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
              "choice", "%s is neither %s", choice, String.join(" nor ", refused.choices()));
      case "ALREADY_EXISTS" ->
          CoordinationException.of(
              ErrorCode.ALREADY_EXISTS,
              "conflict: %s, swarm %s has voted already, for %s",
              conflictId,
              swarm,
              refused.earlier());
      case "FAILED_PRECONDITION" ->
          CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION, "conflict: %s, the vote has ended", conflictId);
      default -> OwnerRefusals.of(refused.status(), voter);
    };
  }
}
