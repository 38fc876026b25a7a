package io.multiswarm.tasks;

import io.multiswarm.internal.redis.NaturalBatcher;

/** How many tasks travel together. */
final class Batches {

  /**
   * Submissions and reports. A script has a cost of its own, about that of two tasks, which larger
   * batches share; two calls are enough to keep Redis busy, and one more would only make the others
   * smaller.
   */
  static final NaturalBatcher.Limits LIMITS =
      new NaturalBatcher.Limits(2, 128, 256 << 10, 16_384, 32L << 20);

  /** Assignments of a round: below 5 ms of Redis's time, so that nothing else waits for long. */
  static final int ASSIGNMENTS = 128;

  private Batches() {}
}
