package io.multiswarm.server.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The conversion word {@code %msg}, on one line whatever the values in the message hold. */
public final class EscapedMessageConverter extends MessageConverter {

  @Override
  public String convert(ILoggingEvent event) {
    return Escapes.escape(String.valueOf(super.convert(event)));
  }
}
