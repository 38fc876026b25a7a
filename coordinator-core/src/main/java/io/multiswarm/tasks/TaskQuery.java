package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks to list, a page at a time.
 *
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor of the page before; null for the newest
 */
public record TaskQuery(TaskFilter filter, int limit, @Nullable String cursor) {

  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1_000;

  public static final TaskQuery ALL = of(TaskFilter.ANY);

  public TaskQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw CoordinationException.invalid("limit", "must be 1 to %d, is %d", MAX_LIMIT, limit);
    }
  }

  /** The first page of what fits. */
  public static TaskQuery of(TaskFilter filter) {
    return new TaskQuery(filter, DEFAULT_LIMIT, null);
  }

  public TaskQuery withLimit(int value) {
    return new TaskQuery(filter, value, cursor);
  }

  public TaskQuery withCursor(@Nullable String value) {
    return new TaskQuery(filter, limit, value);
  }
}
