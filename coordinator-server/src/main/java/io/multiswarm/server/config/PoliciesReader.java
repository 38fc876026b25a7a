package io.multiswarm.server.config;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.health.Durability;
import io.multiswarm.health.OnEviction;
import io.multiswarm.recovery.RecoveryOptions;
import io.multiswarm.resources.ResourceOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Reads the settings of resources, conflicts, recovery and of what the installation may be. */
record PoliciesReader(SettingValues values) {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(365);

  Policies read() {
    return Policies.defaults()
        .withOnEviction(
            values.bool(Setting.ALLOW_EVICTION) ? OnEviction.DEGRADE : OnEviction.REFUSE)
        .withDurability(durability())
        .withResources(resources())
        .withConflicts(conflicts())
        .withRecovery(recovery());
  }

  private Durability durability() {
    String word = values.required(Setting.DURABILITY).strip().toLowerCase(Locale.ROOT);
    return switch (word) {
      case "memory" -> Durability.MEMORY;
      case "local" -> Durability.LOCAL;
      case "replicated" -> Durability.REPLICATED;
      default ->
          throw values.refused(Setting.DURABILITY, "is none of memory, local and replicated");
    };
  }

  /** Looks for idle holders as often as by default, or as often as one can become idle. */
  private ResourceOptions resources() {
    ResourceOptions defaults = ResourceOptions.defaults();
    Duration idleAfter = values.duration(Setting.RESOURCE_IDLE_AFTER, SHORTEST, LONGEST);
    return new ResourceOptions(
        defaults.sweepInterval(),
        values.duration(Setting.RESOURCE_RECOVERY_WINDOW, Duration.ZERO, LONGEST),
        idleAfter.compareTo(defaults.idleInterval()) < 0 ? idleAfter : defaults.idleInterval(),
        idleAfter,
        values.duration(Setting.RESOURCE_RECLAIM_AFTER, Duration.ZERO, LONGEST));
  }

  private ConflictOptions conflicts() {
    return new ConflictOptions(
        strategy(), values.duration(Setting.VOTE_TIMEOUT, SHORTEST, Conflict.Vote.LONGEST));
  }

  private ConflictStrategy strategy() {
    String word = values.required(Setting.CONFLICT_STRATEGY).strip().toLowerCase(Locale.ROOT);
    try {
      return ConflictStrategy.parse(word);
    } catch (CoordinationException e) {
      throw values.refused(Setting.CONFLICT_STRATEGY, "is none of priority, timestamp and voting");
    }
  }

  private RecoveryOptions recovery() {
    Optional<String> patience = values.text(Setting.RECOVERY_PATIENCE);
    return patience.isEmpty()
        ? RecoveryOptions.defaults()
        : new RecoveryOptions(values.duration(Setting.RECOVERY_PATIENCE, Duration.ZERO, LONGEST));
  }
}
