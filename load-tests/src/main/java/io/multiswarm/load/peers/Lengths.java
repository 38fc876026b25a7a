package io.multiswarm.load.peers;

import io.multiswarm.load.pace.Pace;
import java.time.Duration;

/**
 * How long each stage is.
 *
 * @param warmUp of which nothing counts
 */
public record Lengths(Duration warmUp, Duration measured) {

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

  double warmUpSeconds() {
    return warmUp.toMillis() / 1_000.0;
  }

  double measuredSeconds() {
    return measured.toMillis() / 1_000.0;
  }
}
