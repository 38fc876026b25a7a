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
 * @param lead how it begins
 */
public record Pace(double perSecond, Duration duration, Lead lead, int first, int step) {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A beginning at another rate. A pace that saturates has none. */
  public record Lead(double perSecond, Duration duration) {

    static final Lead NONE = new Lead(0, Duration.ZERO);

    public Lead {
      check(perSecond);
    }

    private double events() {
      return perSecond * duration.toNanos() / NANOS;
    }
  }

  public Pace {
    check(perSecond);
    if (perSecond == 0 && lead.events() > 0) {
      throw new IllegalArgumentException(
          "A beginning at another rate is for a pace that has a rate, not for one that saturates");
    }
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("The duration is longer than nothing, not " + duration);
    }
    if (first < 0 || first >= step) {
      throw new IllegalArgumentException("There is no share " + first + " of " + step);
    }
  }

  private static void check(double perSecond) {
    if (!(perSecond >= 0) || Double.isInfinite(perSecond)) {
      throw new IllegalArgumentException(
          "The rate is 0 (saturate) or more a second, not " + perSecond);
    }
  }

  public static Pace of(double perSecond, Duration duration) {
    return new Pace(perSecond, duration, Lead.NONE, 0, 1);
  }

  /** This pace with another beginning. */
  public Pace after(Lead beginning) {
    return new Pace(perSecond, duration, beginning, first, step);
  }

  /** The part of this pace that one of {@code shares} equal senders keeps. */
  public Pace share(int index, int shares) {
    return new Pace(perSecond, duration, lead, first + index * step, step * shares);
  }

  /** Whether events are begun as fast as they are asked for. */
  public boolean saturates() {
    return perSecond == 0;
  }

  /** When the event {@code index} of this share is due, in nanoseconds after the start. */
  long dueAfter(long index) {
    double number = first + (double) index * step;
    double led = lead.events();
    return number < led
        ? Math.round(number / lead.perSecond() * NANOS)
        : Math.round((number - led) / perSecond * NANOS) + lead.duration().toNanos();
  }
}
