package io.multiswarm.conflict;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A decision.
 *
 * @param winner id of a swarm
 * @param loser id of the other
 * @param reason in words
 * @param votes by contestant, swarmA first; empty without a vote
 */
public record Resolution(
    String conflictId,
    String winner,
    String loser,
    ConflictStrategy strategy,
    String reason,
    Map<String, Long> votes) {

  public Resolution {
    votes = Collections.unmodifiableMap(new LinkedHashMap<>(votes));
  }
}
