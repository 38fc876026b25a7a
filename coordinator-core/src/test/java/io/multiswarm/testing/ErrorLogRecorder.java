package io.multiswarm.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Turns an ERROR of our code, or of Reactor's, into a {@link Violation}. Reactor logs there what it
 * could give to nobody: a dropped error, a task of a scheduler that threw.
 */
final class ErrorLogRecorder extends AppenderBase<ILoggingEvent> {

  private static final String NAME = "io.multiswarm.testing.errors";

  private ErrorLogRecorder(LoggerContext context) {
    setName(NAME);
    setContext(context);
  }

  /** Again before each test, because a test that configures the logging has thrown it out. */
  static void install() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (root.getAppender(NAME) == null) {
      ErrorLogRecorder recorder = new ErrorLogRecorder(context);
      recorder.start();
      root.addAppender(recorder);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR) && concernsUs(event.getLoggerName())) {
      IThrowableProxy thrown = event.getThrowableProxy();
      String stack = thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown);
      Violations.record(
          Violation.Kind.ERROR_LOG,
          event.getLoggerName()
              + " on "
              + event.getThreadName()
              + ": "
              + event.getFormattedMessage()
              + stack);
    }
  }

  private static boolean concernsUs(String logger) {
    return logger.startsWith("io.multiswarm.") || logger.startsWith("reactor.core.");
  }
}
