package io.multiswarm.server.websocket;

import java.util.concurrent.TimeUnit;

/**
 * How many control frames a client sends: more than {@link #PER_SECOND} in a second, and it is not
 * read for the rest of it; {@link #PATIENCE} such seconds in a row, and it is closed. Pings and
 * pongs of an honest client are one in some seconds.
 *
 * <p><b>Threading.</b> The channel's event loop.
 */
final class ControlRate {

  static final int PER_SECOND = 100;
  static final int PATIENCE = 10;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long secondBeganAt;
  private int inThisSecond;
  private int exceededInARow;

  ControlRate(long nowNanos) {
    this.secondBeganAt = nowNanos;
  }

  /** Counts one frame; whether the client must wait for the next second now. */
  boolean exceededBy(long nowNanos) {
    if (nowNanos - secondBeganAt >= SECOND) {
      boolean follows = nowNanos - secondBeganAt < 2 * SECOND;
      exceededInARow = follows && inThisSecond > PER_SECOND ? exceededInARow : 0;
      secondBeganAt = nowNanos;
      inThisSecond = 0;
    }
    inThisSecond++;
    if (inThisSecond != PER_SECOND + 1) {
      return false;
    }
    exceededInARow++;
    return true;
  }

  /** How long to wait from now on. */
  long nanosLeft(long nowNanos) {
    return Math.max(0, secondBeganAt + SECOND - nowNanos);
  }

  boolean isHopeless() {
    return exceededInARow >= PATIENCE;
  }
}
