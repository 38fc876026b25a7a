package io.multiswarm.election;

import java.time.Duration;

/** What a node believes about who leads. */
public sealed interface Leadership {

  /**
   * This node leads, in the name of one of its swarms.
   *
   * @param swarmId the leading swarm
   * @param epoch the fencing token of every write by this leader; grows with each change
   * @param validUntil on this node's monotonic clock, {@code scheduler.now(NANOSECONDS)}: before it
   *     the lease cannot have run out in Redis. Each renewal moves it.
   */
  record Leader(String swarmId, long epoch, Duration validUntil) implements Leadership {

    /** Whether {@code other} is the same leadership, perhaps renewed. */
    public boolean isSameTermAs(Leadership other) {
      return other instanceof Leader leader && leader.epoch == epoch;
    }
  }

  /**
   * Another node leads.
   *
   * @param swarmId the leading swarm
   * @param epoch of its leadership; 0 when {@code swarm:leader} was set by a foreign process
   */
  record Follower(String swarmId, long epoch) implements Leadership {}

  /** Nobody leads, as far as this node knows. */
  record Vacant() implements Leadership {}

  /** The one value of {@link Vacant}. */
  Vacant VACANT = new Vacant();
}
