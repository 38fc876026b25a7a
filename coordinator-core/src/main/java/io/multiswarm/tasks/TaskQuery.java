package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks to list. All filters that are given must fit.
 *
 * @param swarmId the swarm that has the task, or whose attempt ended it
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor of the page before; null for the newest
 * @param principal who submitted it
 */
public record TaskQuery(
    @Nullable TaskStatus status,
    @Nullable String swarmId,
    int limit,
    @Nullable String cursor,
    @Nullable String principal) {

  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1_000;

  public static final TaskQuery ALL = new TaskQuery(null, null, DEFAULT_LIMIT, null);

  /** Whoever submitted it. */
  public TaskQuery(
      @Nullable TaskStatus status, @Nullable String swarmId, int limit, @Nullable String cursor) {
    this(status, swarmId, limit, cursor, null);
  }

  public TaskQuery {
    if (swarmId != null) {
      Ids.check("swarmId", swarmId);
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw CoordinationException.invalid("limit", "must be 1 to %d, is %d", MAX_LIMIT, limit);
    }
  }

  /** Whether a task with these may match, which is seen without reading it. */
  public boolean mayMatch(TaskStatus itsStatus, @Nullable String itsSwarm) {
    return (status == null || status == itsStatus) && (swarmId == null || swarmId.equals(itsSwarm));
  }

  public boolean matches(Task task) {
    return (status == null || status == task.status())
        && (swarmId == null || swarmId.equals(task.swarmId()))
        && (principal == null || principal.equals(task.principal()));
  }
}
