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
 * @param bursts how its events lie within the time
 */
public record Pace(
    double perSecond, Duration duration, Lead lead, Bursts bursts, int first, int step) {

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

  /**
   * Events that come together, with nothing between the one burst and the next.
   *
   * @param every from the beginning of a burst to that of the next
   * @param share of this time in which a burst has all its events
   */
  public record Bursts(Duration every, double share) {

    static final Bursts NONE = new Bursts(Duration.ofSeconds(1), 1);

    public Bursts {
      if (every.isNegative() || every.isZero() || !(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "A burst takes a part of the time to the next, not %s of %s".formatted(share, every));
      }
    }

    /** When something is due that would be so at a time if all were evenly spread. */
    private long due(long nanos) {
      long within = nanos % every.toNanos();
      return nanos - within + Math.round(within * share);
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
    return new Pace(perSecond, duration, Lead.NONE, Bursts.NONE, 0, 1);
  }

  /** This pace with another beginning. */
  public Pace after(Lead beginning) {
    return new Pace(perSecond, duration, beginning, bursts, first, step);
  }

  /** This pace with its events in bursts. A pace that saturates has none. */
  public Pace in(Bursts together) {
    return new Pace(perSecond, duration, lead, together, first, step);
  }

  /** The part of this pace that one of {@code shares} equal senders keeps. */
  public Pace share(int index, int shares) {
    return new Pace(perSecond, duration, lead, bursts, first + index * step, step * shares);
  }

  /** Whether events are begun as fast as they are asked for. */
  public boolean saturates() {
    return perSecond == 0;
  }

  /** When the event {@code index} of this share is due, in nanoseconds after the start. */
  long dueAfter(long index) {
    double number = first + (double) index * step;
    double led = lead.events();
    return bursts.due(
        number < led
            ? Math.round(number / lead.perSecond() * NANOS)
            : Math.round((number - led) / perSecond * NANOS) + lead.duration().toNanos());
  }
}
