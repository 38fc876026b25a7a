package io.multiswarm.internal.election;

/** The epochs that a node has seen: they only grow. Confined like {@link ElectionState}. */
final class Epochs {

  private long newest;
  private long changes;

  /** An epoch of somebody's leadership; 0, a foreign one, is no change of ours. */
  void saw(long epoch) {
    if (epoch > newest) {
      newest = epoch;
      changes++;
    }
  }

  /** 0 before the first. */
  long newest() {
    return newest;
  }

  /** How often a newer one was seen. */
  long changes() {
    return changes;
  }
}
