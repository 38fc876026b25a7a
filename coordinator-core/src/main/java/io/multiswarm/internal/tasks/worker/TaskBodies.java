package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.tasks.store.TaskKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Reads what was submitted, for those who are asked for it now: a few calls at once for the whole
 * node, each of a quarter of a megabyte or one task, so that what is under way is bounded however
 * many ask. Without a script: Lua would read every byte.
 */
final class TaskBodies {

  private static final NaturalBatcher.Limits LIMITS =
      new NaturalBatcher.Limits(4, 64, 256 << 10, 100_000, Long.MAX_VALUE);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<Given, Optional<Json>> batcher;

  TaskBodies(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.batcher = new NaturalBatcher<>("task bodies", LIMITS, Given::bytes, this::readAll);
  }

  /** One for each, in their order; empty for what Redis lost. Repeated until it succeeds. */
  Mono<List<Optional<Json>>> of(List<Given> wanted) {
    return Flux.fromIterable(wanted)
        .flatMapSequential(batcher::submit, Math.max(1, wanted.size()))
        .collectList()
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .scheduler(context.scheduler()));
  }

  private Mono<List<Outcome<Optional<Json>>>> readAll(List<Given> wanted) {
    return context
        .link()
        .reads()
        .hashFields(keys.specs(), wanted.stream().map(Given::taskId).toList())
        .map(bodies -> bodies.stream().map(body -> Outcome.of(body.map(Json::trusted))).toList());
  }
}
