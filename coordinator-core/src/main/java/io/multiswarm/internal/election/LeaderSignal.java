package io.multiswarm.internal.election;

import io.multiswarm.election.LeaderInfo;
import java.time.Duration;
import java.util.Optional;

/**
 * What the scripts tell all nodes when leadership changes, so that nobody has to wait for a tick:
 * {@code leader taken EPOCH LEASE_MS NODE SWARM} and {@code leader released EPOCH}.
 */
sealed interface LeaderSignal {

  String KIND = "leader";

  record Taken(LeaderInfo leader) implements LeaderSignal {}

  record Released(long epoch) implements LeaderSignal {}

  /** Empty for what is no such signal: it came from a foreign or newer program. */
  static Optional<LeaderSignal> parse(String text) {
    String[] words = text.split(" ", -1);
    try {
      if (words.length == 5 && words[0].equals("taken")) {
        Duration lease = Duration.ofMillis(Long.parseLong(words[2]));
        return Optional.of(
            new Taken(new LeaderInfo(words[4], Long.parseLong(words[1]), words[3], lease)));
      }
      if (words.length == 2 && words[0].equals("released")) {
        return Optional.of(new Released(Long.parseLong(words[1])));
      }
      return Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
