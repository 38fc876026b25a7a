package io.multiswarm.load.chaos;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are still to be submitted. One whose submission was not answered comes back, and
 * is submitted again under the same number.
 */
final class TaskNumbers {

  private final int tasks;
  private final ChaosObservation seen;
  private final AtomicLong next = new AtomicLong();
  private final Queue<Long> unanswered = new ConcurrentLinkedQueue<>();
  private volatile long limit;

  TaskNumbers(int tasks, ChaosObservation seen) {
    this.tasks = tasks;
    this.seen = seen;
  }

  /** Lets tasks be submitted until so many are. */
  void allow(long count) {
    limit = Math.min(tasks, count);
  }

  /**
   * A task to submit now, or null.
   *
   * @param unfinished how many tasks may be unfinished
   */
  @Nullable Long take(int unfinished) {
    Long again = unanswered.poll();
    if (again != null) {
      return again;
    }
    if (seen.unfinished() >= unfinished) {
      return null;
    }
    long taken = next.getAndUpdate(number -> number < limit ? number + 1 : number);
    return taken < limit ? taken : null;
  }

  /** The outcome of its submission is unknown. */
  void giveBack(long number) {
    unanswered.add(number);
  }

  /** Whether there is nothing to submit at the moment. */
  boolean areAllTaken() {
    return next.get() >= limit && unanswered.isEmpty();
  }

  /** Whether all tasks were accepted. */
  boolean areAllAccepted() {
    return seen.acceptedCount() >= tasks;
  }
}
