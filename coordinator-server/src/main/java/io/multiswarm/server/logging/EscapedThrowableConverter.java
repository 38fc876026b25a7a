package io.multiswarm.server.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.stream.Collectors;

/**
 * The conversion word {@code %ex}: a stack trace in which every line is indented, so that no
 * exception's message can pass for an event of its own.
 */
public final class EscapedThrowableConverter extends ThrowableProxyConverter {

  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return super.throwableProxyToString(throwable)
        .lines()
        .map(line -> "    " + Escapes.escape(line.strip()) + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
