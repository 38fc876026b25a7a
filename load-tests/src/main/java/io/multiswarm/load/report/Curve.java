package io.multiswarm.load.report;

import java.util.List;

/**
 * A distribution as a plot has it.
 *
 * @param points by percentile
 */
record Curve(List<Point> points) {

  /** So many percent of the values are at most {@code millis}. */
  public record Point(double percentile, double millis) {}

  List<List<Double>> asList() {
    return points.stream().map(point -> List.of(point.percentile(), point.millis())).toList();
  }
}
