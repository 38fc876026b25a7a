package io.multiswarm.load.report;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The usual points of a distribution of durations, in milliseconds. */
public record Percentiles(long count, double p50, double p90, double p99, double p999, double max) {

  private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  static Percentiles of(Histogram nanos) {
    return new Percentiles(
        nanos.getTotalCount(),
        at(nanos, 50),
        at(nanos, 90),
        at(nanos, 99),
        at(nanos, 99.9),
        nanos.getTotalCount() == 0 ? 0 : nanos.getMaxValue() / MILLI);
  }

  private static double at(Histogram nanos, double percentile) {
    return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile) / MILLI;
  }

  @Override
  public String toString() {
    return count == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "p50 %.2f   p90 %.2f   p99 %.2f   p99.9 %.2f   max %.2f ms",
            p50,
            p90,
            p99,
            p999,
            max);
  }
}
