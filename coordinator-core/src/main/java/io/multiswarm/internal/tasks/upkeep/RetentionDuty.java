package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.election.LeaderDuty;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Removes ended tasks that nobody must be able to read any more. */
public record RetentionDuty(NodeContext context, TaskKeys keys) implements LeaderDuty.Periodic {

  private static final int A_CALL = 100;

  @Override
  public String name() {
    return "retention of tasks";
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(30);
  }

  @Override
  public Mono<Void> run(Leader leader) {
    return call(leader).expand(reply -> reply.number(1) == 0 ? Mono.empty() : call(leader)).then();
  }

  private Mono<ScriptReply> call(Leader leader) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_FORGET)
            .keys(keys.common())
            .key(keys.index())
            .key(keys.dedupe())
            .arg(leader.epoch())
            .arg(A_CALL);
    return context.link().run(call).flatMap(reply -> TaskRefusals.unlessFenced(reply, leader));
  }
}
