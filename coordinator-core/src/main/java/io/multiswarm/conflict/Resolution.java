package io.multiswarm.conflict;

import java.util.Map;

/**
 * A decision.
 *
 * @param winner id of a swarm
 * @param loser id of the other
 * @param reason in words
 * @param votes by contestant; empty without a vote
 */
public record Resolution(
    String conflictId,
    String winner,
    String loser,
    ConflictStrategy strategy,
    String reason,
    Map<String, Long> votes) {

  public Resolution {
    votes = Map.copyOf(votes);
  }
}
