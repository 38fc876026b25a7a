package io.multiswarm.tasks;

import io.multiswarm.election.LeaderDuty;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.tasks.Moves.Move;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes delayed tasks assignable when their time has come; signals tell when that is. */
final class DelayDuty implements LeaderDuty.Continuous, Moves.Listener {

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int A_CALL = 100;

  private final NodeContext context;
  private final TaskKeys keys;
  private volatile @Nullable Alarm alarm;

  DelayDuty(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  @Override
  public String name() {
    return "delayed tasks";
  }

  @Override
  public Flux<?> perform(Leader leader) {
    return Alarms.whileSubscribed(
        context.scheduler(), LONGEST, () -> promote(leader), made -> alarm = made);
  }

  @Override
  public boolean isListening() {
    return alarm != null;
  }

  @Override
  public void moved(Move move) {
    Alarm present = alarm;
    if (present != null && move.update().status() == TaskStatus.PENDING && move.dueMs() >= 0) {
      present.ringWithin(Duration.ofMillis(move.dueMs() + 1));
    }
  }

  @Override
  public void reset() {
    Alarm present = alarm;
    if (present != null) {
      present.ringWithin(Duration.ZERO);
    }
  }

  private Mono<Duration> promote(Leader leader) {
    return call(leader)
        .expand(reply -> reply.number(1) < A_CALL ? Mono.empty() : call(leader))
        .last()
        .map(reply -> reply.number(2) < 0 ? LONGEST : Duration.ofMillis(reply.number(2) + 1));
  }

  private Mono<ScriptReply> call(Leader leader) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_DUE).keys(keys.common()).arg(leader.epoch()).arg(A_CALL);
    return context.link().run(call).flatMap(reply -> Alarms.unlessFenced(reply, leader));
  }
}
