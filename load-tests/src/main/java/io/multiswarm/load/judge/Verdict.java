package io.multiswarm.load.judge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a history of messages shows.
 *
 * @param delivered messages seen, counted for each subscriber
 * @param lost offsets that never came and were not announced
 * @param duplicates messages that came again
 * @param outOfOrder messages that came after a later one
 * @param announced offsets that a gap named: missing, but said so
 * @param contradictions a place that holds another message than its sender was told, or a new epoch
 *     without a gap
 */
public record Verdict(
    long delivered,
    long lost,
    long duplicates,
    long outOfOrder,
    long announced,
    long contradictions)
    implements Findings {

  static final Verdict NOTHING = new Verdict(0, 0, 0, 0, 0, 0);

  static Verdict contradictions(long count) {
    return new Verdict(0, 0, 0, 0, 0, count);
  }

  /** Announced gaps are no broken promise. */
  @Override
  public Map<String, Long> defects() {
    Map<String, Long> defects = new LinkedHashMap<>();
    defects.put("messages lost", lost);
    defects.put("messages delivered twice", duplicates);
    defects.put("messages out of order", outOfOrder);
    defects.put("messages contradicting what their sender was told", contradictions);
    return defects;
  }

  public Verdict plus(Verdict other) {
    return new Verdict(
        delivered + other.delivered,
        lost + other.lost,
        duplicates + other.duplicates,
        outOfOrder + other.outOfOrder,
        announced + other.announced,
        contradictions + other.contradictions);
  }
}
