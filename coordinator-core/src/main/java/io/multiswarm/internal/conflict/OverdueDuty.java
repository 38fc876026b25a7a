package io.multiswarm.internal.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Decides votes whose time is over and for which nobody waits any more: the node that asked is
 * gone. The earliest come first, so that the first whose time is not over ends a run.
 */
record OverdueDuty(NodeContext context, ConflictKeys keys) implements Duty.Periodic<Leader> {

  private static final int A_RUN = 100;

  @Override
  public String name() {
    return "overdue votes";
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Mono<Void> run(Leader leader) {
    return context
        .link()
        .reads()
        .ascending(keys.open(), 0, Double.MAX_VALUE, A_RUN)
        .flatMapIterable(open -> open)
        .concatMap(open -> decide(open.member(), leader), 1)
        .takeUntil(reply -> reply.status().equals("OPEN"))
        .then();
  }

  private Mono<ScriptReply> decide(String conflictId, Leader leader) {
    ScriptCall call =
        context
            .appending(Script.CONFLICT_DECIDE)
            .keys(keys.of(conflictId))
            .key(context.keys().leadership())
            .key(context.keys().leader())
            .arg(conflictId)
            .arg(leader.epoch());
    return context
        .link()
        .run(call)
        .flatMap(
            reply ->
                reply.status().equals(ErrorCode.FENCED.name())
                    ? Mono.error(over(leader))
                    : Mono.just(reply))
        .onErrorResume(OverdueDuty::isOfOneConflict, error -> passOver(conflictId, error));
  }

  /** One that cannot be decided must not keep the others from it. */
  private Mono<ScriptReply> passOver(String conflictId, Throwable error) {
    context.unreadable().met("conflict " + conflictId, error.toString());
    return Mono.empty();
  }

  private static boolean isOfOneConflict(Throwable error) {
    return !CoordinationException.is(error, ErrorCode.UNAVAILABLE)
        && !CoordinationException.is(error, ErrorCode.FENCED);
  }

  private static CoordinationException over(Leader leader) {
    return CoordinationException.of(
        ErrorCode.FENCED, "leadership: epoch %d is over", leader.epoch());
  }
}
