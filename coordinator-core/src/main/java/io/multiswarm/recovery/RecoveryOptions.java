package io.multiswarm.recovery;

import io.multiswarm.common.CoordinationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How recovery ends.
 *
 * @param patience how long an interrupted swarm with nothing to recover from stays interrupted
 *     before it has failed; null for half of the swarms' TTL
 */
public record RecoveryOptions(@Nullable Duration patience) {

  private static final int PATIENCE_PER_TTL = 2;

  public RecoveryOptions {
    if (patience != null && patience.isNegative()) {
      throw CoordinationException.invalid("patience", "must not be negative, is %d ms", patience);
    }
  }

  /** As patient as half of the swarms' TTL. */
  public static RecoveryOptions defaults() {
    return new RecoveryOptions(null);
  }

  /** The patience in a fleet of that TTL. */
  public Duration patience(Duration swarmTtl) {
    return patience == null ? swarmTtl.dividedBy(PATIENCE_PER_TTL) : patience;
  }
}
