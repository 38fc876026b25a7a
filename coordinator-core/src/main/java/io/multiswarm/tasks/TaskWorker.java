package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Works on a swarm's tasks with one function: what it gives completes the task, an error fails it.
 *
 * @param concurrency tasks at once, which is the credit that is open
 * @param scheduler for pauses between repetitions of a report
 */
public record TaskWorker(TaskWorkers workers, int concurrency, Scheduler scheduler) {

  private static final Logger log = LoggerFactory.getLogger(TaskWorker.class);

  public TaskWorker {
    if (concurrency < 1 || concurrency > TaskWorkers.MAX_CREDIT) {
      throw CoordinationException.invalid(
          "concurrency", "must be 1 to %d, is %d", TaskWorkers.MAX_CREDIT, concurrency);
    }
  }

  /**
   * Works until cancelled, or the swarm is no longer held here, which is the error {@code FENCED}.
   * A report that Redis could not take is repeated until it did; one that is fenced is dropped,
   * because another attempt has the task.
   *
   * @param handler an empty Mono completes the task with JSON null; it is cancelled with the worker
   */
  public Mono<Void> work(Ownership owner, Function<Assignment, Mono<Json>> handler) {
    return workers
        .assignments(owner)
        .flatMap(assignment -> perform(owner, assignment, handler), concurrency, 1)
        .then();
  }

  private Mono<Void> perform(
      Ownership owner, Assignment assignment, Function<Assignment, Mono<Json>> handler) {
    return Mono.defer(() -> handler.apply(assignment))
        .defaultIfEmpty(Json.NULL)
        .map(result -> complete(owner, assignment, result))
        .onErrorResume(error -> Mono.just(fail(owner, assignment, error)))
        .flatMap(report -> delivered(report, assignment));
  }

  private Mono<Void> complete(Ownership owner, Assignment assignment, Json result) {
    return workers.complete(owner, assignment.taskId(), assignment.attempt(), result);
  }

  private Mono<Void> fail(Ownership owner, Assignment assignment, Throwable error) {
    Json told = Json.of(Map.of("message", Failure.shortened(error.toString())));
    return workers.fail(owner, assignment.taskId(), assignment.attempt(), Failure.of(told)).then();
  }

  private Mono<Void> delivered(Mono<Void> report, Assignment assignment) {
    return report
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                .maxBackoff(Duration.ofSeconds(2))
                .scheduler(scheduler)
                .filter(
                    error ->
                        CoordinationException.is(error, ErrorCode.UNAVAILABLE)
                            || CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED)))
        .onErrorResume(
            CoordinationException.class,
            refusal -> {
              log.info("Report on {} was not accepted: {}", assignment.taskId(), refusal.message());
              return Mono.empty();
            });
  }
}
