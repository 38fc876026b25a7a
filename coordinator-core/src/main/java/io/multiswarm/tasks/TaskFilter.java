package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks are meant. All that is given must fit, and what is null fits every task. Effective
 * values are compared: what a task left to a default is compared as that default.
 *
 * @param swarmId the swarm that has the task, or whose attempt ended it
 * @param from the swarm that submitted it
 * @param type the application's own word
 * @param capability one of those that it requires
 * @param strategy by name; the fleet's fits tasks that name none
 * @param minAge since its submission, at least
 * @param principal who submitted it
 */
public record TaskFilter(
    @Nullable TaskStatus status,
    @Nullable String swarmId,
    @Nullable String from,
    @Nullable String type,
    @Nullable String capability,
    @Nullable Priority priority,
    @Nullable String strategy,
    @Nullable Duration minAge,
    @Nullable String principal) {

  /** Every task. */
  public static final TaskFilter ANY =
      new TaskFilter(null, null, null, null, null, null, null, null, null);

  /** The longest that JSON can say. */
  private static final Duration OLDEST = Duration.ofMillis((1L << 53) - 1);

  public TaskFilter {
    if (swarmId != null) {
      Ids.check("swarmId", swarmId);
    }
    if (from != null) {
      Ids.check("from", from);
    }
    if (minAge != null && (minAge.isNegative() || minAge.compareTo(OLDEST) > 0)) {
      throw CoordinationException.invalid("olderThanMs", "must be 0 to %d, is %d", OLDEST, minAge);
    }
  }

  /** Whether every task fits. */
  public boolean isEmpty() {
    return equals(ANY);
  }

  public TaskFilter withStatus(@Nullable TaskStatus value) {
    return new TaskFilter(
        value, swarmId, from, type, capability, priority, strategy, minAge, principal);
  }

  public TaskFilter withSwarmId(@Nullable String value) {
    return new TaskFilter(
        status, value, from, type, capability, priority, strategy, minAge, principal);
  }

  public TaskFilter withFrom(@Nullable String value) {
    return new TaskFilter(
        status, swarmId, value, type, capability, priority, strategy, minAge, principal);
  }

  public TaskFilter withType(@Nullable String value) {
    return new TaskFilter(
        status, swarmId, from, value, capability, priority, strategy, minAge, principal);
  }

  public TaskFilter withCapability(@Nullable String value) {
    return new TaskFilter(
        status, swarmId, from, type, value, priority, strategy, minAge, principal);
  }

  public TaskFilter withPriority(@Nullable Priority value) {
    return new TaskFilter(
        status, swarmId, from, type, capability, value, strategy, minAge, principal);
  }

  public TaskFilter withStrategy(@Nullable String value) {
    return new TaskFilter(
        status, swarmId, from, type, capability, priority, value, minAge, principal);
  }

  public TaskFilter withMinAge(@Nullable Duration value) {
    return new TaskFilter(
        status, swarmId, from, type, capability, priority, strategy, value, principal);
  }

  public TaskFilter withPrincipal(@Nullable String value) {
    return new TaskFilter(
        status, swarmId, from, type, capability, priority, strategy, minAge, value);
  }
}
