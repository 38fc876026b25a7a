package io.multiswarm.load.judge;

/**
 * What a history of leaderships shows.
 *
 * @param leaderships that began
 * @param writes of leaders that Redis accepted
 * @param epochsNotGrown leaderships whose epoch is not above all before
 * @param staleWrites accepted although a newer leadership had begun, or the writer's had been given
 *     up
 * @param foreignWrites accepted with an epoch that was never announced, or in the name of another
 *     than its leader
 */
public record LeadershipVerdict(
    long leaderships, long writes, long epochsNotGrown, long staleWrites, long foreignWrites) {

  /** Whether every promise was kept. */
  public boolean isClean() {
    return epochsNotGrown + staleWrites + foreignWrites == 0;
  }
}
