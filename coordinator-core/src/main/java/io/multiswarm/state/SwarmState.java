package io.multiswarm.state;

import io.multiswarm.common.Json;
import java.time.Instant;

/**
 * A state as it was saved.
 *
 * @param state the user's JSON object, byte for byte
 * @param savedAt by Redis's clock
 */
public record SwarmState(Json state, long version, Instant savedAt) {

  /** Version and time alone. */
  public SavedVersion saved() {
    return new SavedVersion(version, savedAt);
  }
}
