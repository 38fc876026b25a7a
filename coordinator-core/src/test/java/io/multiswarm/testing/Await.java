package io.multiswarm.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits on the real clock for what other threads or processes do, always with a deadline.
 *
 * <p>{@code await(Duration.ofSeconds(5), () -> redis.number("DBSIZE") == 0);}
 */
public final class Await {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private Await() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @throws AssertionError if it doesn't within {@code atMost}
   */
  public static void await(Duration atMost, BooleanSupplier condition) {
    await("the condition", atMost, condition);
  }

  /** {@link #await(Duration, BooleanSupplier)} that says in its failure what was waited for. */
  public static void await(String what, Duration atMost, BooleanSupplier condition) {
    awaitValue(what, atMost, condition::getAsBoolean, held -> held);
  }

  /**
   * Asks for a value until it is as wanted, and returns it; the failure tells the last one seen.
   *
   * @throws AssertionError if it isn't within {@code atMost}
   */
  public static <T> T awaitValue(
      String what, Duration atMost, Supplier<T> value, Predicate<? super T> wanted) {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (; ; ) {
      // Read before the look: a look that began in time counts, however long the scheduler let us
      // wait for it.
      boolean last = System.nanoTime() - deadline >= 0;
      T seen = value.get();
      if (wanted.test(seen)) {
        return seen;
      }
      if (last || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("Waited " + atMost + " for " + what + "; last seen: " + seen);
      }
      pause(BETWEEN_LOOKS);
    }
  }

  /**
   * The only place in the tests where a thread stands still on the real clock. It is no sleep that
   * a result depends on: it sets how often a condition is looked at, and a proxy's delay, and what
   * is being waited for always decides.
   */
  static void pause(Duration duration) {
    LockSupport.parkNanos(duration.toNanos());
  }
}
