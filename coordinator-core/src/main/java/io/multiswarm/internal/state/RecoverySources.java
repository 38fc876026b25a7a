package io.multiswarm.internal.state;

import io.multiswarm.common.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was found when the sources of a swarm were looked through.
 *
 * @param best null when there is no sound one
 * @param damaged sources that were passed over, such as {@code checkpoint checkpoint-x1}
 */
public record RecoverySources(@Nullable Source best, List<String> damaged) {

  public RecoverySources {
    damaged = List.copyOf(damaged);
  }

  /** In the order in which they are tried. */
  public enum Kind {
    STATE,
    CHECKPOINT,
    SNAPSHOT;

    /** The word in documents and on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A source whose checksum is right.
   *
   * @param id of the checkpoint or snapshot; null for the state
   * @param version of the state; of a copy, the state's at that time
   * @param savedAt by Redis's clock
   * @param age when it was found, by the same clock
   * @param checksum SHA-1 that was verified
   */
  public record Source(
      Kind kind,
      @Nullable String id,
      Json state,
      long version,
      Instant savedAt,
      Duration age,
      String checksum) {}
}
