package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ScanPage;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Finds swarms that are gone and still have tasks: nothing depends on a signal. */
record OrphanDuty(NodeContext context, TaskReclaimer returns) implements Duty.Periodic<UpkeepTerm> {

  private static final int A_PAGE = 200;
  private static final int AT_ONCE = 4;

  @Override
  public String name() {
    return "tasks of lost swarms";
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return ScanPage.all(this::page).flatMap(this::giveBack, AT_ONCE).then();
  }

  /** What is wrong with one swarm's must not keep the others' from it. */
  private Mono<Void> giveBack(String swarmId) {
    return returns
        .of(swarmId)
        .onErrorResume(
            error -> !CoordinationException.is(error, ErrorCode.UNAVAILABLE),
            error -> {
              context.unreadable().met("tasks of swarm " + swarmId, error.toString());
              return Mono.empty();
            });
  }

  private Mono<ScriptReply> page(String cursor) {
    return context
        .link()
        .run(
            ScriptCall.of(Script.TASK_ORPHANS)
                .key(context.keys().roster())
                .key(context.keys().credit())
                .arg(cursor)
                .arg(A_PAGE));
  }
}
