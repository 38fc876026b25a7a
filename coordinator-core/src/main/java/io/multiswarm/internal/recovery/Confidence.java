package io.multiswarm.internal.recovery;

import java.time.Duration;

/**
 * How far a plan can be trusted, from {@value #LEAST} to {@value #MOST}: what speaks for it adds
 * up.
 *
 * <ul>
 *   <li>freshness, up to 0.2: all of it for a source younger than a minute, less with each step of
 *       age, nothing after a day;
 *   <li>completeness of the task definitions, up to 0.15: the share that has an id and a
 *       description;
 *   <li>agents that are tracked: 0.1.
 * </ul>
 */
public final class Confidence {

  static final double LEAST = 0.5;
  static final double MOST = 0.95;

  private static final double COMPLETENESS = 0.15;
  private static final double AGENTS = 0.1;

  private Confidence() {}

  /**
   * @param completeness share of the known tasks that are fully defined, 0 to 1
   */
  static double of(Duration age, double completeness, boolean agentsTracked) {
    double sum =
        LEAST + freshness(age) + COMPLETENESS * completeness + (agentsTracked ? AGENTS : 0);
    return Math.round(Math.min(MOST, sum) * 1_000) / 1_000.0;
  }

  private static double freshness(Duration age) {
    if (age.compareTo(Duration.ofMinutes(1)) < 0) {
      return 0.2;
    }
    if (age.compareTo(Duration.ofMinutes(5)) < 0) {
      return 0.15;
    }
    if (age.compareTo(Duration.ofHours(1)) < 0) {
      return 0.1;
    }
    return age.compareTo(Duration.ofDays(1)) < 0 ? 0.05 : 0;
  }
}
