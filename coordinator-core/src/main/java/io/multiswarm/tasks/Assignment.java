package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A task in the hands of a swarm, until it is completed, failed or released, or its lease runs out.
 *
 * @param attempt grows with each assignment of the task and never repeats; every report carries it
 * @param lease how long it lasts from the assignment or the last extension
 * @param assignedBy the leading swarm
 * @param epoch of that leadership
 * @param strategy that chose the swarm
 * @param task what was submitted, with id and defaults: a JSON object
 * @param previous what became of the attempts before, newest first, three at most
 */
public record Assignment(
    String swarmId,
    String taskId,
    long attempt,
    Duration lease,
    String assignedBy,
    long epoch,
    String strategy,
    Json task,
    List<PreviousAttempt> previous) {

  private static final int FIRST = 1;

  public Assignment {
    previous = List.copyOf(previous);
  }

  /** What was submitted, read anew by each call. */
  public NewTask submitted() {
    return TaskSpec.read(task);
  }

  /** The parameters of the notification {@code task.assigned}. */
  public Json toJson() {
    return Json.trusted(
        "{\"swarmId\":\""
            + swarmId
            + "\",\"task\":"
            + task
            + ",\"attempt\":"
            + attempt
            + ",\"leaseMs\":"
            + lease.toMillis()
            + ",\"assignedBy\":\""
            + assignedBy
            + "\",\"epoch\":"
            + epoch
            + ",\"strategy\":\""
            + strategy
            + (attempt == FIRST ? "\"}" : "\"," + previousMember() + '}'));
  }

  private String previousMember() {
    return previous.stream()
        .map(one -> one.toJson().toString())
        .collect(Collectors.joining(",", "\"previous\":[", "]"));
  }
}
