package io.multiswarm.internal.conflict;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.election.LeaderDuty;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Decides votes whose time is over and for which nobody waits any more: the node that asked is
 * gone. Needs no proof of leadership, for the script lets the first decide, whoever that is.
 */
record OverdueDuty(NodeContext context, ConflictKeys keys) implements LeaderDuty.Periodic {

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
        .concatMap(
            open ->
                context
                    .link()
                    .run(
                        context
                            .appending(Script.CONFLICT_DECIDE)
                            .keys(keys.of(open.member()))
                            .arg(open.member())))
        .then();
  }
}
