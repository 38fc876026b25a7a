package io.multiswarm.internal.tasks.worker;

import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.Assignment;
import java.time.Duration;
import java.util.Optional;

/**
 * An assignment without the task itself, which may be large and waits in Redis.
 *
 * @param bytes of the task, about
 */
record Given(
    String taskId,
    long attempt,
    Duration lease,
    String assignedBy,
    long epoch,
    String strategy,
    int bytes) {

  /** Bytes of an assignment's text beside the task, about. */
  static final int OVERHEAD = 512;

  /** What a swarm has by a task's record; empty when it has it not. */
  static Optional<Given> of(String taskId, TaskRecord record, String swarmId) {
    if (!record.isAssignedTo(swarmId)) {
      return Optional.empty();
    }
    String[] by = record.last().more().split(":", 3);
    return Optional.of(
        new Given(
            taskId,
            record.attempt(),
            record.lease(),
            by[0],
            Long.parseLong(by[1]),
            by[2],
            record.bytes()));
  }

  /** Whether there was an attempt before. */
  boolean isAgain() {
    return attempt > 1;
  }

  Assignment with(String swarmId, TaskBody body) {
    return new Assignment(
        swarmId, taskId, attempt, lease, assignedBy, epoch, strategy, body.task(), body.previous());
  }
}
