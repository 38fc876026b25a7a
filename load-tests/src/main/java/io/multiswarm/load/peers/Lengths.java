package io.multiswarm.load.peers;

import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Pace.Lead;
import java.time.Duration;

/**
 * How long each stage is.
 *
 * @param warmUp of which nothing counts
 */
public record Lengths(Duration warmUp, Duration measured) {

  /** Has code compiled sooner than the pace that is measured. */
  private static final double LEAD = 2_000;

  public Lengths {
    if (measured.isZero()) {
      throw new IllegalArgumentException("--duration is longer than nothing");
    }
  }

  Pace saturating() {
    return Pace.of(0, warmUp.plus(measured));
  }

  Pace at(double rate) {
    return Pace.of(rate, warmUp.plus(measured));
  }

  Pace ledAt(double rate) {
    return at(rate).after(new Lead(LEAD, warmUp));
  }

  double warmUpSeconds() {
    return warmUp.toMillis() / 1_000.0;
  }

  double measuredSeconds() {
    return measured.toMillis() / 1_000.0;
  }
}
