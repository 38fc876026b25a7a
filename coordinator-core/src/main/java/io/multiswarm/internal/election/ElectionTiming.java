package io.multiswarm.internal.election;

import io.multiswarm.common.CoordinationOptions.Liveness;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The durations of an election, and the chance that keeps many nodes from acting at one moment.
 *
 * @param lease of a leadership
 * @param interval between campaigns of a follower and renewals of a leader
 * @param grace in which a leading swarm that lost its session may come back
 * @param chance from 0 to 1, anew at each call
 */
record ElectionTiming(Duration lease, Duration interval, Duration grace, DoubleSupplier chance) {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int MOST_DOUBLINGS = 3;
  private static final Duration VACANCY_SPREAD = Duration.ofMillis(100);

  static ElectionTiming of(Liveness liveness, DoubleSupplier chance) {
    return new ElectionTiming(
        liveness.leaderLease(), liveness.electionInterval(), liveness.sessionGrace(), chance);
  }

  /** What two clocks may differ by within a lease: one per cent, far more than quartz does. */
  Duration drift() {
    return lease.dividedBy(100);
  }

  /** Nodes that start together shall not tick together. */
  Duration firstTick() {
    return interval.minus(part(interval.dividedBy(2)));
  }

  /** After a clean release: long enough for the first to be heard by the others. */
  Duration vacancyDelay() {
    return part(VACANCY_SPREAD);
  }

  /** After a lease ran out, half a second at most with the default lease. */
  Duration expiryDelay() {
    return part(lease.dividedBy(60));
  }

  /** After signals may have been lost: in the second second, with the default interval. */
  Duration resetDelay() {
    Duration tenth = interval.dividedBy(10);
    return tenth.plus(part(tenth));
  }

  /** Between half and the whole of 100 ms, 200 ms, 400 ms, then 800 ms. */
  Duration pauseAfter(int failures) {
    Duration half = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)).dividedBy(2);
    return half.plus(part(half));
  }

  private Duration part(Duration whole) {
    return Duration.ofNanos((long) (whole.toNanos() * chance.getAsDouble()));
  }
}
