package io.multiswarm.internal.node;

import java.time.Duration;

/**
 * Spreads what is to be done for each swarm once an interval over the interval, so that ten
 * thousand swarms do not come at once. The interval has phases, and a swarm's id says in which of
 * them it has its turn: no memory, no timer a swarm, and the same on every node.
 *
 * @param phases that make an interval; they are counted from any moment, and for ever
 */
public record Staggering(int phases) {

  public Staggering {
    if (phases < 1) {
      throw new IllegalArgumentException("phases: must be 1 or more, is " + phases);
    }
  }

  /** As many phases of at least {@code shortest} as fit into an interval, one at least. */
  public static Staggering of(Duration interval, Duration shortest, int most) {
    return new Staggering((int) Math.max(1, Math.min(most, interval.dividedBy(shortest))));
  }

  /** Whether the swarm's turn is in a phase. */
  public boolean isIn(long phase, String swarmId) {
    return isWithin(phase, phase, swarmId);
  }

  /** Whether the swarm's turn is in one of the phases from the first to the last. */
  public boolean isWithin(long first, long last, String swarmId) {
    return Math.floorMod(swarmId.hashCode() - first, phases) <= last - first;
  }
}
