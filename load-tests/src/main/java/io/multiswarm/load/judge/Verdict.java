package io.multiswarm.load.judge;

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
    long contradictions) {

  static final Verdict NOTHING = new Verdict(0, 0, 0, 0, 0, 0);

  static Verdict contradictions(long count) {
    return new Verdict(0, 0, 0, 0, 0, count);
  }

  /** Whether every promise was kept. Announced gaps are no broken promise. */
  public boolean isClean() {
    return lost == 0 && duplicates == 0 && outOfOrder == 0 && contradictions == 0;
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
