package io.multiswarm.load.report;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Durations of one kind, recorded from any thread to three digits; over five minutes counts as five
 * minutes.
 */
public final class Latencies {

  private static final long SMALLEST = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long LARGEST = TimeUnit.MINUTES.toNanos(5);
  private static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(SMALLEST, LARGEST, DIGITS);
  private final Histogram total = new Histogram(SMALLEST, LARGEST, DIGITS);

  public void record(long nanos) {
    recorder.recordValue(Math.min(Math.max(nanos, 0), LARGEST));
  }

  /** What was recorded since the last call. */
  public synchronized Percentiles interval() {
    Histogram since = recorder.getIntervalHistogram();
    total.add(since);
    return Percentiles.of(since);
  }

  /** Everything that was recorded. */
  public synchronized Percentiles total() {
    interval();
    return Percentiles.of(total);
  }
}
