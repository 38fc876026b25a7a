package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Makes delayed tasks assignable when their time has come; signals tell when that is. */
public final class DelayDuty extends DueDuty {

  private final NodeContext context;
  private final TaskKeys keys;

  public DelayDuty(NodeContext context, TaskKeys keys) {
    super(context.scheduler(), TaskStatus.PENDING);
    this.context = context;
    this.keys = keys;
  }

  @Override
  public String name() {
    return "delayed tasks";
  }

  @Override
  public void reset() {
    lookWithin(Duration.ZERO);
  }

  @Override
  Mono<Duration> doDue(UpkeepTerm term) {
    return call(term)
        .expand(reply -> reply.number(1) < A_CALL ? Mono.empty() : call(term))
        .last()
        .map(reply -> reply.number(2) < 0 ? LONGEST : Duration.ofMillis(reply.number(2) + 1));
  }

  private Mono<ScriptReply> call(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_DUE)
            .keys(keys.common())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(A_CALL);
    return context.link().run(call).flatMap(term::unlessFenced);
  }
}
