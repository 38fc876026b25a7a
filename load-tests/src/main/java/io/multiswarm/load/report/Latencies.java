package io.multiswarm.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * Durations of one kind, recorded from any thread to three digits; over five minutes counts as five
 * minutes.
 *
 * <p>Neither side ever waits for the other, as it would with a {@code Recorder}, whose reader
 * sleeps until the writers have left: this one is read on threads that must not block.
 */
public final class Latencies {

  private static final long SMALLEST = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long LARGEST = TimeUnit.MINUTES.toNanos(5);
  private static final int DIGITS = 3;

  /** Points of a curve for each time that the rest is halved. */
  private static final int TICKS_A_HALF = 4;

  private final AtomicHistogram all = new AtomicHistogram(SMALLEST, LARGEST, DIGITS);
  private Histogram reported = new Histogram(SMALLEST, LARGEST, DIGITS);

  public void record(long nanos) {
    all.recordValue(Math.min(Math.max(nanos, 0), LARGEST));
  }

  /** What was recorded since the last call. */
  public synchronized Percentiles interval() {
    Histogram now = copy();
    Histogram since = now.copy();
    since.subtract(reported);
    reported = now;
    return Percentiles.of(since);
  }

  /** Everything that was recorded. */
  public Percentiles total() {
    return Percentiles.of(copy());
  }

  /** Everything that was recorded, as a plot has it: the finer, the nearer to the slowest. */
  Curve curve() {
    List<Curve.Point> points = new ArrayList<>();
    copy()
        .percentiles(TICKS_A_HALF)
        .forEach(
            value ->
                points.add(
                    new Curve.Point(
                        value.getPercentileLevelIteratedTo(),
                        value.getValueIteratedTo() / (double) TimeUnit.MILLISECONDS.toNanos(1))));
    return new Curve(points);
  }

  private Histogram copy() {
    Histogram copy = new Histogram(SMALLEST, LARGEST, DIGITS);
    copy.add(all);
    return copy;
  }
}
