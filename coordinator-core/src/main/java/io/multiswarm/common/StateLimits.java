package io.multiswarm.common;

/**
 * What swarms may save: states, snapshots and checkpoints.
 *
 * @param bytes that those of all swarms may take; what needs more is refused
 * @param principalBytes that those of the swarms may take that one principal created
 */
public record StateLimits(long bytes, long principalBytes) {

  public StateLimits {
    CoordinationOptions.atLeast("states.bytes", bytes, 1024);
    CoordinationOptions.atLeast("states.principalBytes", principalBytes, 1024);
  }

  /** Those of an installation that sets nothing. */
  public static StateLimits defaults() {
    return new StateLimits(256L << 20, 128L << 20);
  }
}
