package io.multiswarm.registry;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Priority;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which swarms to list. All filters that are given must fit.
 *
 * @param objective a part of the text, in any case; the others compare the whole value
 * @param capability one of the swarm's
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor of the page before; null for the newest
 */
public record SwarmQuery(
    @Nullable SwarmStatus status,
    @Nullable String strategy,
    @Nullable SwarmMode mode,
    @Nullable String phase,
    @Nullable Priority priority,
    @Nullable String capability,
    @Nullable String objective,
    int limit,
    @Nullable String cursor) {

  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1_000;

  public static final SwarmQuery ALL =
      new SwarmQuery(null, null, null, null, null, null, null, DEFAULT_LIMIT, null);

  public SwarmQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw CoordinationException.invalid("limit", "must be 1 to %d, is %d", MAX_LIMIT, limit);
    }
  }

  public SwarmQuery withStatus(@Nullable SwarmStatus value) {
    return new SwarmQuery(
        value, strategy, mode, phase, priority, capability, objective, limit, cursor);
  }

  public SwarmQuery withStrategy(@Nullable String value) {
    return new SwarmQuery(
        status, value, mode, phase, priority, capability, objective, limit, cursor);
  }

  public SwarmQuery withMode(@Nullable SwarmMode value) {
    return new SwarmQuery(
        status, strategy, value, phase, priority, capability, objective, limit, cursor);
  }

  public SwarmQuery withPhase(@Nullable String value) {
    return new SwarmQuery(
        status, strategy, mode, value, priority, capability, objective, limit, cursor);
  }

  public SwarmQuery withPriority(@Nullable Priority value) {
    return new SwarmQuery(
        status, strategy, mode, phase, value, capability, objective, limit, cursor);
  }

  public SwarmQuery withCapability(@Nullable String value) {
    return new SwarmQuery(status, strategy, mode, phase, priority, value, objective, limit, cursor);
  }

  public SwarmQuery withObjective(@Nullable String part) {
    return new SwarmQuery(status, strategy, mode, phase, priority, capability, part, limit, cursor);
  }

  public SwarmQuery withLimit(int value) {
    return new SwarmQuery(
        status, strategy, mode, phase, priority, capability, objective, value, cursor);
  }

  public SwarmQuery withCursor(@Nullable String value) {
    return new SwarmQuery(
        status, strategy, mode, phase, priority, capability, objective, limit, value);
  }

  /** Whether all filters fit; the limit and the cursor have no say. */
  public boolean matches(Swarm swarm) {
    return fits(status, swarm.status())
        && fits(strategy, swarm.strategy())
        && fits(mode, swarm.mode())
        && fits(phase, swarm.phase())
        && fits(priority, swarm.priority())
        && (capability == null || swarm.capabilities().contains(capability))
        && (objective == null || contains(swarm.objective(), objective));
  }

  private static boolean fits(@Nullable Object wanted, @Nullable Object value) {
    return wanted == null || wanted.equals(value);
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
