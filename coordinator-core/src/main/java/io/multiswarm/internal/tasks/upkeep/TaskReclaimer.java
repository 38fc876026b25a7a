package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.node.LateErrors;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.registry.SwarmSignal;
import io.multiswarm.internal.tasks.store.TaskKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Brings back the tasks of swarms that are gone. Every node does so when it hears of it, because
 * there may be no leader; the script proves that it is right, and who comes second finds nothing.
 * What is not heard is found by {@link OrphanDuty}.
 */
final class TaskReclaimer {

  private static final Logger log = LoggerFactory.getLogger(TaskReclaimer.class);
  private static final int A_CALL = 100;
  private static final int AT_ONCE = 4;

  private final NodeContext context;
  private final TaskKeys keys;
  private final Sinks.Many<String> heard =
      Sinks.many().multicast().onBackpressureBuffer(4_096, false);
  private final Disposable working;

  TaskReclaimer(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.working =
        heard
            .asFlux()
            .flatMap(
                gone ->
                    of(gone)
                        .onErrorResume(
                            error -> {
                              PassingFailures.tell(
                                  log, "Tasks of " + gone + " are returned later", error);
                              return Mono.empty();
                            }),
                AT_ONCE)
            .contextWrite(LateErrors::noted)
            .subscribe();
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.INTERRUPTED, this::gone);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.ENDED, this::gone);
  }

  private void gone(SwarmSignal signal) {
    // Emitted by the subscriber connection alone. When it overflows, the duty finds the rest.
    heard.tryEmitNext(signal.swarmId());
  }

  /** Returns all tasks of a swarm, if it is gone. */
  Mono<Void> of(String swarmId) {
    return call(swarmId)
        .expand(returned -> returned.isNone() ? Mono.empty() : call(swarmId))
        .then();
  }

  /** None, too, while the swarm still has the right to its tasks. */
  @ReplyOf(Script.TASK_RETURN)
  private record Returned(boolean isNone) {

    static Returned from(ScriptReply reply) {
      return new Returned(reply.number(1) == 0);
    }
  }

  private Mono<Returned> call(String swarmId) {
    ScriptCall call =
        context
            .appending(Script.TASK_RETURN)
            .keys(keys.common())
            .key(keys.record(swarmId))
            .key(context.keys().credit())
            .arg(context.options().tasks().deadRetention())
            .arg(swarmId)
            .arg(A_CALL);
    return context.link().run(call).map(Returned::from);
  }

  void close() {
    working.dispose();
  }
}
