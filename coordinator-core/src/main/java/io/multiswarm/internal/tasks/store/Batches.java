package io.multiswarm.internal.tasks.store;

import io.multiswarm.internal.redis.NaturalBatcher;

/** How many tasks travel together. */
public final class Batches {

  /**
   * Submissions and reports. A script has a cost of its own, about that of two tasks, and each
   * swarm in it half that of a task, which larger batches share; two calls are enough to keep Redis
   * busy, and one more would only make the others smaller.
   */
  public static final NaturalBatcher.Limits LIMITS =
      new NaturalBatcher.Limits(2, 256, 256 << 10, 16_384, 32L << 20);

  /** Assignments of a round: some milliseconds of Redis's time, so that nothing else waits long. */
  public static final int ASSIGNMENTS = 192;

  private Batches() {}
}
