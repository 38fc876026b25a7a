package io.multiswarm.load.faults;

/** What a {@link Relay} does with the bytes that come. */
public enum Passage {
  /** They go on as they come. */
  ALL,
  /** They go on a while later, in order. */
  LATE,
  /** They go on in small pieces, each in a packet of its own. */
  SLICED,
  /** Those of Redis are dropped, and the connection that they were for is reset. */
  NO_REPLIES,
  /**
   * They are dropped. A connection whose bytes were dropped once stays half-open ever after:
   * neither side hears of the other again.
   */
  NOTHING
}
