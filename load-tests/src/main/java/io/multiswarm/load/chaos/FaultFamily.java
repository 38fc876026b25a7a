package io.multiswarm.load.chaos;

import java.util.List;
import java.util.Locale;

/**
 * Faults that go together.
 *
 * <p><b>Invariant</b> under each of them: every accepted task has exactly one accepted completion,
 * by who had its last attempt; epochs grow, and what a former leader writes is not accepted; in the
 * end nothing is left in any queue, and the store says of each task what the workers were told.
 */
public enum FaultFamily {
  /** Workers, the leader and Redis are killed. */
  KILLS("Whatever is killed", Strike.WORKERS, Strike.LEADER, Strike.REDIS),
  /** The ways of the servers to Redis are disturbed. */
  NETWORK(
      "Whatever the network does between servers and Redis",
      Strike.RESETS,
      Strike.HALF_OPEN,
      Strike.DELAY,
      Strike.LOST_REPLIES,
      Strike.SLICES),
  /** Servers are restarted in order; each must end with exit code 0. */
  ROLLING("While servers are restarted in turn", Strike.ROLLING),
  /** All sessions are cut at once and come back at once. */
  STORM("When all sessions come back at once", Strike.STORM),
  /** Redis stands still. */
  FROZEN("When Redis stands still for longer than a lease", Strike.FREEZE),
  /**
   * Redis has no memory left. Besides, completions must be accepted meanwhile, and the leader must
   * go on; ended tasks may be removed to make room.
   */
  MEMORY("When Redis's memory is full", Strike.FULL),
  /** What happens around servers, which live on. Ended tasks may be removed meanwhile. */
  AROUND(
      "Whatever happens around the servers",
      Strike.WORKERS,
      Strike.STORM,
      Strike.REDIS,
      Strike.FREEZE);

  private final String circumstances;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Strike> strikes;

  FaultFamily(String circumstances, Strike... strikes) {
    this.circumstances = circumstances;
    this.strikes = List.of(strikes);
  }

  String promise() {
    return circumstances + ", no accepted task is lost, and none has two accepted completions.";
  }

  List<Strike> strikes() {
    return strikes;
  }

  /** Whether it is about a single process of Redis. */
  boolean needsOneRedis() {
    return this == NETWORK || this == FROZEN || this == MEMORY || this == AROUND;
  }

  /** Whether ended tasks are removed before the end of a run. */
  boolean endedMayGo() {
    return this == MEMORY || this == AROUND;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
