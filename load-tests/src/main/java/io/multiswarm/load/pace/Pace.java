package io.multiswarm.load.pace;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How fast and how long. The times of a pace are numbered from 0; a share of it takes each {@code
 * step}th of them, beginning with {@code first}, so that all shares together are the whole again,
 * evenly spread.
 *
 * @param perSecond events a second, all shares together; 0 means as fast as answers come
 * @param duration how long new events are begun
 */
public record Pace(double perSecond, Duration duration, int first, int step) {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  public Pace {
    if (!(perSecond >= 0) || Double.isInfinite(perSecond)) {
      throw new IllegalArgumentException(
          "The rate is 0 (saturate) or more a second, not " + perSecond);
    }
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("The duration is longer than nothing, not " + duration);
    }
    if (first < 0 || first >= step) {
      throw new IllegalArgumentException("There is no share " + first + " of " + step);
    }
  }

  public static Pace of(double perSecond, Duration duration) {
    return new Pace(perSecond, duration, 0, 1);
  }

  /** The part of this pace that one of {@code shares} equal senders keeps. */
  public Pace share(int index, int shares) {
    return new Pace(perSecond, duration, first + index * step, step * shares);
  }

  /** Whether events are begun as fast as they are asked for. */
  public boolean saturates() {
    return perSecond == 0;
  }

  /** When the event {@code index} of this share is due, in nanoseconds after the start. */
  long dueAfter(long index) {
    return Math.round((first + (double) index * step) / perSecond * NANOS);
  }
}
