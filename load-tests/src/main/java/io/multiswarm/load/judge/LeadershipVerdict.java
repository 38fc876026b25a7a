package io.multiswarm.load.judge;

import java.util.LinkedHashMap;
import java.util.Map;

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
    long leaderships, long writes, long epochsNotGrown, long staleWrites, long foreignWrites)
    implements Findings {

  @Override
  public Map<String, Long> defects() {
    Map<String, Long> defects = new LinkedHashMap<>();
    defects.put("stale writes accepted", staleWrites);
    defects.put("epochs that had not grown", epochsNotGrown);
    defects.put("writes in the name of another than the leader", foreignWrites);
    return defects;
  }
}
