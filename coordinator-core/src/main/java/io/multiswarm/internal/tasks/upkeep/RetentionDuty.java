package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
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
    return call(term).expand(forgot -> forgot.isAll() ? Mono.empty() : call(term)).then();
  }

  /**
   * @param isAll whether there are certainly no more
   */
  @ReplyOf(Script.TASK_FORGET)
  private record Forgot(boolean isAll) {

    static Forgot from(ScriptReply reply) {
      return new Forgot(reply.number(1) == 0);
    }
  }

  private Mono<Forgot> call(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_FORGET)
            .keys(keys.common())
            .key(keys.index())
            .key(keys.dedupe())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(A_CALL);
    return context.link().run(call).flatMap(term::unlessFenced).map(Forgot::from);
  }
}
