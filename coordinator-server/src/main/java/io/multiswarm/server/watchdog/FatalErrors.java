package io.multiswarm.server.watchdog;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Looks at every exception that anybody logs, whether or not it is printed: Netty, Reactor, Lettuce
 * and this server catch errors of their threads' tasks, log them and go on, each in places of its
 * own. This is the one place that all of them come through.
 */
public final class FatalErrors extends TurboFilter {

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable error) {
    if (error != null) {
      LastResort.endIfFatal(error);
    } else if (params != null
        && params.length > 0
        && params[params.length - 1] instanceof Throwable last) {
      LastResort.endIfFatal(last);
    }
    return FilterReply.NEUTRAL;
  }
}
