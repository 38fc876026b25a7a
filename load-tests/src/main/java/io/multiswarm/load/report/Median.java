package io.multiswarm.load.report;

import java.util.List;

/** The value in the middle; of an even number, between the two that are. */
public final class Median {

  private Median() {}

  /** Of at least one value, in any order. */
  public static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
