package io.multiswarm.common;

/**
 * What swarms may save, states, snapshots and checkpoints, and what may be kept of those that are
 * gone.
 *
 * @param bytes that those of all swarms may take; what needs more is refused
 * @param principalBytes that those of the swarms may take that one principal created
 * @param archiveBytes that archives of deregistered swarms may take, about; the oldest go
 */
public record StateLimits(long bytes, long principalBytes, long archiveBytes) {

  private static final long ARCHIVE_BYTES = 64L << 20;

  public StateLimits {
    CoordinationOptions.atLeast("states.bytes", bytes, 1024);
    CoordinationOptions.atLeast("states.principalBytes", principalBytes, 1024);
    CoordinationOptions.atLeast("states.archiveBytes", archiveBytes, 1024);
  }

  /** With the archives' bytes of the defaults. */
  public StateLimits(long bytes, long principalBytes) {
    this(bytes, principalBytes, ARCHIVE_BYTES);
  }

  /** Those of an installation that sets nothing. */
  public static StateLimits defaults() {
    return new StateLimits(256L << 20, 128L << 20, ARCHIVE_BYTES);
  }
}
