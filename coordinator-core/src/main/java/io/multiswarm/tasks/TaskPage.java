package io.multiswarm.tasks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks, newest first.
 *
 * @param nextCursor null on the last page; a page before it may hold fewer than asked for, or none,
 *     when a rare filter made the search stop early
 */
public record TaskPage(List<Task> tasks, @Nullable String nextCursor) {
  public TaskPage {
    tasks = List.copyOf(tasks);
  }
}
