package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import reactor.core.publisher.Mono;

/** A submitted task, to be followed. Each Mono is cold and may be subscribed to at any time. */
public interface TaskHandle {

  /** Which task it follows. */
  String taskId();

  /**
   * The first move to a swarm that is seen from now on, or the present one; fails with {@code
   * FAILED_PRECONDITION} when the task ends without.
   */
  Mono<TaskUpdate> assignment();

  /**
   * What the worker gave, JSON null when it gave nothing; fails with {@code FAILED_PRECONDITION}
   * when the task is dead or cancelled.
   */
  Mono<Json> result();
}
