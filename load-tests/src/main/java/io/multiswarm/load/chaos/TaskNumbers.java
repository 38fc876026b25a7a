package io.multiswarm.load.chaos;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The tasks that are still to be submitted. One whose submission was not answered comes back, and
 * is submitted again under the same number.
 */
final class TaskNumbers {

  private final int tasks;
  private final ChaosObservation seen;
  private final AtomicLong next = new AtomicLong();
  private final Queue<Long> unanswered = new ConcurrentLinkedQueue<>();
  private final int perSecond;
  private final Scheduler clock;
  private final long began;
  private volatile long limit;

  /**
   * @param perSecond tasks at most; 0 for as many as get done
   */
  TaskNumbers(int tasks, int perSecond, ChaosObservation seen, Scheduler clock) {
    this.tasks = tasks;
    this.perSecond = perSecond;
    this.seen = seen;
    this.clock = clock;
    this.began = clock.now(TimeUnit.NANOSECONDS);
  }

  /** How many may have been submitted by now. */
  private long due() {
    return perSecond == 0
        ? Long.MAX_VALUE
        : (clock.now(TimeUnit.NANOSECONDS) - began) * perSecond / TimeUnit.SECONDS.toNanos(1);
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
    long end = Math.min(limit, due());
    long taken = next.getAndUpdate(number -> number < end ? number + 1 : number);
    return taken < end ? taken : null;
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
