package io.multiswarm.server.config;

import java.time.Duration;

/** The leases and their renewals, which must fit each other. */
record Timings(Duration leaderLease, Duration electionInterval, Duration nodeLease) {

  /** A lease that allows for fewer renewals is lost by one hiccup. */
  private static final int RENEWALS_PER_LEASE = 3;

  /** Time for a renewal's command to time out and to be repeated. */
  private static final Duration SHORTEST_RENEWAL = Duration.ofMillis(250);

  /** Refuses what would make leases fail without a fault, in the words of the settings. */
  void check(SettingValues values) {
    atLeast(values, Setting.ELECTION_INTERVAL, electionInterval, SHORTEST_RENEWAL);
    Duration shortestLease = SHORTEST_RENEWAL.multipliedBy(RENEWALS_PER_LEASE);
    atLeast(values, Setting.NODE_LEASE, nodeLease, shortestLease);
    Duration threeRenewals = electionInterval.multipliedBy(RENEWALS_PER_LEASE);
    if (leaderLease.compareTo(threeRenewals) < 0) {
      throw new ConfigException(
          "LEADER_LEASE (%s) is under three ELECTION_INTERVALs (3 x %s), at which it is renewed: set LEADER_LEASE to %s or more, or ELECTION_INTERVAL to %s or less"
              .formatted(
                  Durations.format(leaderLease),
                  Durations.format(electionInterval),
                  Durations.format(threeRenewals),
                  Durations.format(leaderLease.dividedBy(RENEWALS_PER_LEASE))));
    }
  }

  private static void atLeast(
      SettingValues values, Setting setting, Duration duration, Duration least) {
    if (duration.compareTo(least) < 0) {
      throw values.refused(
          setting,
          "is under "
              + Durations.format(least)
              + ": a renewal must have the time to be repeated after a timeout");
    }
  }
}
