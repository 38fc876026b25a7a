package io.multiswarm.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A clock that a test turns by hand, for code that takes its time from a {@link Scheduler}:
 *
 * <pre>{@code
 * try (var time = new VirtualTime()) {
 *   var election = new Election(..., time.scheduler());
 *   time.advance(Duration.ofSeconds(30));       // everything due by then has run when this returns
 *   assertThat(...);
 * }
 * }</pre>
 *
 * <p>It isn't installed as the scheduler of all Reactor, as {@code StepVerifier.withVirtualTime}
 * does: code that takes a scheduler from a static method is to be seen waiting. What a task starts
 * elsewhere, such as a command to Redis, still takes real time: advance, then {@link Await#await}.
 */
public final class VirtualTime implements AutoCloseable {

  private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

  /** To be given to the code under test. Its {@code now} is {@link #elapsed()} after the epoch. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Turns the clock on and runs, on this thread and in order, what becomes due. */
  public void advance(Duration duration) {
    scheduler.advanceTimeBy(duration);
  }

  /** How far the clock was turned. */
  public Duration elapsed() {
    return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS));
  }

  /** Nothing runs after this. */
  @Override
  public void close() {
    scheduler.dispose();
  }
}
