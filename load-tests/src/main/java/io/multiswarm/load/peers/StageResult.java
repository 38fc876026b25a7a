package io.multiswarm.load.peers;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a stage showed.
 *
 * @param defects promises that ours broke on the way
 */
record StageResult(Map<Metric, Double> measured, List<String> defects) {

  static StageResult of(Map<Metric, Double> measured) {
    return new StageResult(measured, List.of());
  }

  StageResult with(Metric metric, double value) {
    Map<Metric, Double> more = new EnumMap<>(Metric.class);
    more.putAll(measured);
    more.put(metric, value);
    return new StageResult(more, defects);
  }
}
