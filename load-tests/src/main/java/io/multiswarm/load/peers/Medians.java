package io.multiswarm.load.peers;

import io.multiswarm.load.report.Median;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was measured, a value a round each. Confined to one round at a time. */
final class Medians {

  private final Map<Metric, List<Double>> rounds = new EnumMap<>(Metric.class);

  void add(Map<Metric, Double> measured) {
    measured.forEach(
        (metric, value) -> rounds.computeIfAbsent(metric, any -> new ArrayList<>()).add(value));
  }

  /** The values of each round, in their order. */
  Map<Metric, List<Double>> rounds() {
    return rounds;
  }

  Map<Metric, Double> all() {
    Map<Metric, Double> medians = new EnumMap<>(Metric.class);
    rounds.forEach((metric, values) -> medians.put(metric, Median.of(values)));
    return medians;
  }
}
