package io.multiswarm.registry;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A swarm to be registered. Refuses with {@code INVALID_ARGUMENT} what cannot be one, before
 * anything reaches Redis.
 *
 * @param id null to be given one
 * @param objective what it works on; not blank
 * @param strategy any word of at most 128 characters
 * @param principal who creates it, proven; what the swarm saves counts for that one. Null when
 *     nobody has proven to be somebody
 */
public record NewSwarm(
    @Nullable String id,
    String objective,
    String strategy,
    SwarmMode mode,
    int maxAgents,
    SwarmMetadata metadata,
    @Nullable String principal) {

  public static final String DEFAULT_STRATEGY = "development";
  public static final int DEFAULT_MAX_AGENTS = 5;
  public static final int MAX_OBJECTIVE = 16 << 10;

  private static final int MAX_STRATEGY = 128;

  public NewSwarm {
    if (id != null) {
      Ids.checkSwarm("id", id);
    }
    if (objective.isBlank() || objective.length() > MAX_OBJECTIVE) {
      throw CoordinationException.invalid(
          "objective", "say in 1 to %d characters what the swarm works on", MAX_OBJECTIVE);
    }
    if (strategy.isBlank() || strategy.length() > MAX_STRATEGY) {
      throw CoordinationException.invalid(
          "strategy", "must be a word of 1 to %d characters", MAX_STRATEGY);
    }
    Texts.checkWhole("objective", objective);
    Texts.checkWhole("strategy", strategy);
    if (maxAgents < 1) {
      throw CoordinationException.invalid("maxAgents", "must be at least 1, is %d", maxAgents);
    }
  }

  /** By nobody who has proven to be somebody. */
  public NewSwarm(
      @Nullable String id,
      String objective,
      String strategy,
      SwarmMode mode,
      int maxAgents,
      SwarmMetadata metadata) {
    this(id, objective, strategy, mode, maxAgents, metadata, null);
  }

  /** A swarm of which only the objective is known; the rest has defaults. */
  public static NewSwarm of(String objective) {
    return new NewSwarm(
        null, objective, DEFAULT_STRATEGY, SwarmMode.MESH, DEFAULT_MAX_AGENTS, SwarmMetadata.NONE);
  }

  public NewSwarm withId(@Nullable String value) {
    return new NewSwarm(value, objective, strategy, mode, maxAgents, metadata, principal);
  }

  public NewSwarm withStrategy(String value) {
    return new NewSwarm(id, objective, value, mode, maxAgents, metadata, principal);
  }

  public NewSwarm withMode(SwarmMode value) {
    return new NewSwarm(id, objective, strategy, value, maxAgents, metadata, principal);
  }

  public NewSwarm withMaxAgents(int value) {
    return new NewSwarm(id, objective, strategy, mode, value, metadata, principal);
  }

  /** Metadata as {@link SwarmMetadata#of} reads it. */
  public NewSwarm withMetadata(Json value) {
    return new NewSwarm(
        id, objective, strategy, mode, maxAgents, SwarmMetadata.of(value), principal);
  }

  /** The same swarm, created by that principal. */
  public NewSwarm by(@Nullable String value) {
    return new NewSwarm(id, objective, strategy, mode, maxAgents, metadata, value);
  }
}
