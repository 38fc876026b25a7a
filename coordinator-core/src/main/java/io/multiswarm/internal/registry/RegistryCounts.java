package io.multiswarm.internal.registry;

import io.multiswarm.internal.redis.Counts;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.registry.RegistryStatistics;
import io.multiswarm.registry.SwarmStatus;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where the counts of the registry are. */
final class RegistryCounts {

  private RegistryCounts() {}

  static Counts<RegistryStatistics> of(Keys keys) {
    Counts<List<Long>> byStatus =
        Counts.all(
            Arrays.stream(SwarmStatus.values())
                .map(status -> Counts.members(keys.status(status.word())))
                .toList());
    return Counts.counters(keys.metrics())
        .and(Counts.entries(keys.index()), Totals::new)
        .and(byStatus, RegistryCounts::statistics);
  }

  private record Totals(Counts.Counters counters, long swarms) {}

  private static RegistryStatistics statistics(Totals totals, List<Long> sizes) {
    Map<SwarmStatus, Long> byStatus = new EnumMap<>(SwarmStatus.class);
    for (SwarmStatus status : SwarmStatus.values()) {
      byStatus.put(status, sizes.get(status.ordinal()));
    }
    return new RegistryStatistics(
        sizes.get(SwarmStatus.ACTIVE.ordinal()),
        totals.swarms(),
        totals.counters().get("totalRegistered"),
        totals.counters().get("totalDeregistered"),
        totals.counters().get("totalInterrupted"),
        totals.counters().get("totalExpired"),
        totals.counters().get("archiveBytes"),
        totals.counters().get("historyBytes"),
        byStatus);
  }
}
