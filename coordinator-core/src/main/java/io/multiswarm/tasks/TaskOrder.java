package io.multiswarm.tasks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets the reports on one task take effect in the order in which they were made, although they
 * travel in different batches. Remembers tasks with a report under way, and nothing else.
 */
final class TaskOrder {

  private final Map<String, Sinks.Empty<Void>> latest = new ConcurrentHashMap<>();

  /** The report, subscribed when those made before it on the same task have ended. */
  <T> Mono<T> after(String taskId, Mono<T> report) {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> ended = Sinks.empty();
          Sinks.@Nullable Empty<Void> before = latest.put(taskId, ended);
          Mono<T> inTurn = before == null ? report : before.asMono().then(report);
          return inTurn.doFinally(
              signal -> {
                latest.remove(taskId, ended);
                // Emitted once, here; whether anybody waits for it is of no interest.
                ended.tryEmitEmpty();
              });
        });
  }
}
