package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Makes delayed tasks assignable when their time has come; signals tell when that is. */
final class DelayDuty extends DueDuty {

  private final NodeContext context;
  private final TaskKeys keys;

  DelayDuty(NodeContext context, TaskKeys keys) {
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
        .expand(due -> due.count() < A_CALL ? Mono.empty() : call(term))
        .last()
        .map(due -> due.nextMs() < 0 ? LONGEST : Duration.ofMillis(due.nextMs() + 1));
  }

  /**
   * @param count of tasks that were due
   * @param nextMs until the next is; negative when there is none
   */
  @ReplyOf(Script.TASK_DUE)
  private record Due(long count, long nextMs) {

    static Due from(ScriptReply reply) {
      return new Due(reply.number(1), reply.number(2));
    }
  }

  private Mono<Due> call(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_DUE)
            .keys(keys.common())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(A_CALL);
    return context.link().run(call).flatMap(term::unlessFenced).map(Due::from);
  }
}
