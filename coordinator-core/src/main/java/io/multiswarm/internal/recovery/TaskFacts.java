package io.multiswarm.internal.recovery;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger of tasks knows of a swarm.
 *
 * @param completed ids of tasks that it completed
 * @param inProgress ids of tasks that it has
 * @param requeued ids of tasks that it had, and that wait for somebody now
 * @param gone ids of tasks that it had and that are none of its business any more: dead, cancelled,
 *     or another swarm's by now
 * @param meanDuration from assignment to completion of what it completed; null when nothing
 */
public record TaskFacts(
    List<String> completed,
    List<String> inProgress,
    List<String> requeued,
    List<String> gone,
    @Nullable Duration meanDuration) {

  public static final TaskFacts NONE =
      new TaskFacts(List.of(), List.of(), List.of(), List.of(), null);

  public TaskFacts {
    completed = List.copyOf(completed);
    inProgress = List.copyOf(inProgress);
    requeued = List.copyOf(requeued);
    gone = List.copyOf(gone);
  }

  /** The ids of all; a set of the caller's own. */
  Set<String> all() {
    Set<String> all = new HashSet<>(completed);
    all.addAll(inProgress);
    all.addAll(requeued);
    all.addAll(gone);
    return all;
  }

  boolean isEmpty() {
    return completed.isEmpty() && inProgress.isEmpty() && requeued.isEmpty();
  }
}
