package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.Assignment.PreviousAttempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Of the details: what became of a task's earlier attempts. */
  private static final String BEFORE = "|h";

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final NodeContext context;
  private final TaskKeys keys;
  private final NaturalBatcher<Given, Optional<TaskBody>> batcher;

  TaskBodies(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.batcher = new NaturalBatcher<>("task bodies", LIMITS, Given::bytes, this::readAll);
  }

  /** One for each, in their order; empty for what Redis lost. Repeated until it succeeds. */
  Mono<List<Optional<TaskBody>>> of(List<Given> wanted) {
    return Flux.fromIterable(wanted)
        .flatMapSequential(batcher::submit, Math.max(1, wanted.size()))
        .collectList()
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .scheduler(context.scheduler()));
  }

  private Mono<List<Outcome<Optional<TaskBody>>>> readAll(List<Given> wanted) {
    RedisReads redis = context.link().reads();
    List<String> again = wanted.stream().filter(Given::isAgain).map(Given::taskId).toList();
    return Mono.zip(
        redis.hashFields(keys.specs(), wanted.stream().map(Given::taskId).toList()),
        redis
            .hashFields(keys.details(), again.stream().map(id -> id + BEFORE).toList())
            .map(told -> byTask(again, told)),
        (specs, before) -> bodies(wanted, specs, before));
  }

  private Map<String, List<PreviousAttempt>> byTask(
      List<String> tasks, List<Optional<byte[]>> told) {
    Map<String, List<PreviousAttempt>> before = new HashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      String task = tasks.get(i);
      told.get(i)
          .flatMap(
              lines ->
                  context
                      .unreadable()
                      .passing("earlier attempts of task", task, () -> previous(lines)))
          .ifPresent(attempts -> before.put(task, attempts));
    }
    return before;
  }

  /** A JSON object a line. */
  private static List<PreviousAttempt> previous(byte[] lines) {
    String text = new String(lines, StandardCharsets.UTF_8);
    return PreviousAttempt.readAll(Json.trusted('[' + text.replace('\n', ',') + ']'));
  }

  private static List<Outcome<Optional<TaskBody>>> bodies(
      List<Given> wanted, List<Optional<byte[]>> specs, Map<String, List<PreviousAttempt>> before) {
    List<Outcome<Optional<TaskBody>>> bodies = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      List<PreviousAttempt> previous = before.getOrDefault(wanted.get(i).taskId(), List.of());
      bodies.add(Outcome.of(specs.get(i).map(spec -> new TaskBody(Json.trusted(spec), previous))));
    }
    return bodies;
  }
}
