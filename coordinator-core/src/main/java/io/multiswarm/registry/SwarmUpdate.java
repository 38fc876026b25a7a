package io.multiswarm.registry;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import org.jspecify.annotations.Nullable;

/**
 * A change to a swarm; what is null stays as it is.
 *
 * @param agents replaces the whole array
 * @param metadata an RFC 7396 merge patch
 */
public record SwarmUpdate(
    @Nullable SwarmStatus status, @Nullable Json agents, @Nullable Json metadata) {

  /** Bytes of {@code agents} at most. */
  public static final int MAX_AGENTS_BYTES = 64 << 10;

  public static final SwarmUpdate NOTHING = new SwarmUpdate(null, null, null);

  public SwarmUpdate {
    if (agents != null && !agents.isArray()) {
      throw CoordinationException.invalid("agents", "must be an array");
    }
    if (agents != null && agents.length() > MAX_AGENTS_BYTES) {
      throw CoordinationException.of(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "agents: %d bytes, at most %d are kept",
          agents.length(),
          MAX_AGENTS_BYTES);
    }
    if (metadata != null && !metadata.isObject()) {
      throw CoordinationException.invalid(
          "metadata", "must be an object, a merge patch (RFC 7396)");
    }
  }

  public SwarmUpdate withStatus(@Nullable SwarmStatus value) {
    return new SwarmUpdate(value, agents, metadata);
  }

  public SwarmUpdate withAgents(@Nullable Json value) {
    return new SwarmUpdate(status, value, metadata);
  }

  public SwarmUpdate withMetadata(@Nullable Json patch) {
    return new SwarmUpdate(status, agents, patch);
  }
}
