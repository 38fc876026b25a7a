package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Tells the log what failed and is tried again. What fails because Redis is away is not told by
 * each who meets it: that Redis is away is told once, by {@link
 * io.multiswarm.internal.health.RedisWatch}.
 */
public final class PassingFailures {

  private PassingFailures() {}

  /**
   * @param what failed, and when it is tried again
   */
  public static void tell(Logger log, String what, Throwable error) {
    Level level = CoordinationException.is(error, ErrorCode.UNAVAILABLE) ? Level.DEBUG : Level.WARN;
    log.atLevel(level).log("{}: {}", what, error.toString());
  }
}
