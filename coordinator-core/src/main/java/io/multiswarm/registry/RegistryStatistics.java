package io.multiswarm.registry;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts over the whole fleet.
 *
 * @param activeSwarms of status active
 * @param totalSwarms registered now, of any status
 * @param totalRegistered since the fleet began, as are the other totals
 * @param archiveBytes that archives of deregistered swarms take now, about
 * @param historyBytes that histories of channels took when they were weighed last, about
 */
public record RegistryStatistics(
    long activeSwarms,
    long totalSwarms,
    long totalRegistered,
    long totalDeregistered,
    long totalInterrupted,
    long totalExpired,
    long archiveBytes,
    long historyBytes,
    Map<SwarmStatus, Long> byStatus) {
  public RegistryStatistics {
    byStatus = Collections.unmodifiableMap(new EnumMap<>(byStatus));
  }
}
