package io.multiswarm.server.work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * How long a runner asks for nothing whose machine cannot run commands, for want of disk space say:
 * it would fail every task of the fleet within seconds. Longer each time, until one has run. Used
 * on the runner's thread alone.
 */
final class Rest {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 6;

  private final Scheduler clock;
  private int failures;
  private long until;

  Rest(Scheduler clock) {
    this.clock = clock;
  }

  /** Takes note of what became of a command. */
  void note(CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Failed failed && failed.ofThisMachine()) {
      until = now() + FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)).toMillis();
      failures++;
    } else {
      until = now();
      failures = 0;
    }
  }

  /** How long it goes on; zero when there is none. */
  Duration left() {
    return Duration.ofMillis(Math.max(0, until - now()));
  }

  private long now() {
    // Of the clock that nobody sets.
    return TimeUnit.NANOSECONDS.toMillis(clock.now(TimeUnit.NANOSECONDS));
  }
}
