package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of a task, without what is in it.
 *
 * @param swarmId who has it, or whose attempt ended it; of one that waits, who had it last; null
 *     when there is none
 * @param before others who had it, as far as its history goes back
 * @param took from its last assignment to its completion; null unless it is completed
 */
public record TaskTrace(
    String id,
    TaskStatus status,
    @Nullable String swarmId,
    Set<String> before,
    @Nullable Duration took) {

  public TaskTrace {
    before = Set.copyOf(before);
  }

  static TaskTrace of(String id, TaskRecord record) {
    Set<String> had = new LinkedHashSet<>();
    String last = null;
    for (TaskRecord.Note note : record.notes()) {
      if (note.swarmId() != null) {
        last = note.swarmId();
        had.add(last);
      }
    }
    String now = record.status() == TaskStatus.PENDING ? last : record.swarmId();
    had.remove(now);
    return new TaskTrace(id, record.status(), now, had, took(record));
  }

  /** The last two notes of a completed task are its assignment and its completion. */
  private static @Nullable Duration took(TaskRecord record) {
    int notes = record.notes().size();
    if (record.status() != TaskStatus.COMPLETED || notes < 2) {
      return null;
    }
    Duration took = Duration.between(record.notes().get(notes - 2).at(), record.last().at());
    return took.isNegative() ? Duration.ZERO : took;
  }
}
