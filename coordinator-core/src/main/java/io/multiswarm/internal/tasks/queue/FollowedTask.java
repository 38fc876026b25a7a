package io.multiswarm.internal.tasks.queue;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link TaskHandle} by the queue's watch and await. */
record FollowedTask(String taskId, TaskQueue queue) implements TaskHandle {

  @Override
  public Mono<TaskUpdate> assignment() {
    Flux<TaskUpdate> present =
        queue
            .get(taskId)
            .map(
                task ->
                    new TaskUpdate(taskId, task.status(), task.attempts(), task.swarmId(), null))
            .flux();
    // The watch begins first, so that nothing happens unseen between it and the read.
    return Flux.merge(queue.watch(taskId), present)
        .<TaskUpdate>handle(
            (update, sink) -> {
              if (update.status() == TaskStatus.ASSIGNED
                  || update.status() == TaskStatus.COMPLETED) {
                sink.next(update);
              } else if (update.status().isEnded()) {
                sink.error(ended(update.status(), null));
              }
            })
        .next();
  }

  @Override
  public Mono<Json> result() {
    return queue
        .await(taskId, null)
        .flatMap(
            task ->
                task.status() == TaskStatus.COMPLETED
                    ? Mono.just(task.result() == null ? Json.NULL : task.result())
                    : Mono.error(ended(task.status(), task.error())));
  }

  private CoordinationException ended(TaskStatus status, @Nullable Json error) {
    CoordinationException refusal =
        CoordinationException.of(
            ErrorCode.FAILED_PRECONDITION, "task: %s is %s", taskId, status.word());
    return error == null ? refusal : refusal.with("error", error);
  }
}
