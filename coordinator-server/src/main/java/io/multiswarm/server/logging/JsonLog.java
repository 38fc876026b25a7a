package io.multiswarm.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log for programs: an event is an object in a line of its own. */
public final class JsonLog {

  private JsonLog() {}

  /** Writes so from now on. */
  public static void begin() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      begin(context);
    }
  }

  static void begin(LoggerContext context) {
    if (context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console")
        instanceof ConsoleAppender<ILoggingEvent> console) {
      console.setEncoder(encoder(context));
    }
  }

  /** What operators search by, and nothing that is the same in each line. */
  private static JsonEncoder encoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithKVPList(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
