package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Removes ended tasks that nobody must be able to read any more. */
public record RetentionDuty(NodeContext context, TaskKeys keys)
    implements Duty.Periodic<UpkeepTerm> {

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
  public Mono<Void> run(UpkeepTerm term) {
    return call(term).expand(reply -> reply.number(1) == 0 ? Mono.empty() : call(term)).then();
  }

  private Mono<ScriptReply> call(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_FORGET)
            .keys(keys.common())
            .key(keys.index())
            .key(keys.dedupe())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(A_CALL);
    return context.link().run(call).flatMap(term::unlessFenced);
  }
}
