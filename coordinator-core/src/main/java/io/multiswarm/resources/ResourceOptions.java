package io.multiswarm.resources;

import io.multiswarm.common.CoordinationException;
import java.time.Duration;

/**
 * How long things stay with swarms that do not use them.
 *
 * @param sweepInterval between searches for holders that are gone
 * @param recoveryWindow how long a swarm that nobody is attached to keeps what it holds, counted
 *     from the end of its grace
 * @param idleInterval between searches for holders that do nothing
 * @param idleAfter time without task, message, update, allocation and release after which a holder
 *     counts as idle
 * @param reclaimAfter time between asking an idle holder to give back and taking
 */
public record ResourceOptions(
    Duration sweepInterval,
    Duration recoveryWindow,
    Duration idleInterval,
    Duration idleAfter,
    Duration reclaimAfter) {

  public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofSeconds(2);
  public static final Duration DEFAULT_RECOVERY_WINDOW = Duration.ofSeconds(10);
  public static final Duration DEFAULT_IDLE_INTERVAL = Duration.ofSeconds(30);
  public static final Duration DEFAULT_IDLE_AFTER = Duration.ofMinutes(10);
  public static final Duration DEFAULT_RECLAIM_AFTER = Duration.ofMinutes(1);

  public ResourceOptions {
    positive("sweepInterval", sweepInterval);
    notNegative("recoveryWindow", recoveryWindow);
    positive("idleInterval", idleInterval);
    positive("idleAfter", idleAfter);
    notNegative("reclaimAfter", reclaimAfter);
  }

  /** What an installation runs on that sets nothing. */
  public static ResourceOptions defaults() {
    return new ResourceOptions(
        DEFAULT_SWEEP_INTERVAL,
        DEFAULT_RECOVERY_WINDOW,
        DEFAULT_IDLE_INTERVAL,
        DEFAULT_IDLE_AFTER,
        DEFAULT_RECLAIM_AFTER);
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw CoordinationException.invalid(name, "must be longer than zero, is %d ms", value);
    }
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw CoordinationException.invalid(name, "must not be negative, is %d ms", value);
    }
  }
}
