package io.multiswarm.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** What a logger says from INFO on, as operators read it, while this is open. */
public final class LogLines implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Level before;
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };

  private LogLines(Logger logger) {
    this.logger = logger;
    this.before = logger.getLevel();
    logger.setLevel(Level.INFO);
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.addAppender(appender);
  }

  /**
   * Begins to listen.
   *
   * @param logger its name
   */
  public static LogLines of(String logger) {
    return new LogLines((Logger) LoggerFactory.getLogger(logger));
  }

  /** Waits for a line that fits. */
  public String awaitLine(String what, Predicate<String> fits) {
    Await.await(what + " in " + lines, PATIENCE, () -> lines.stream().anyMatch(fits));
    return lines.stream().filter(fits).findFirst().orElseThrow();
  }

  public List<String> all() {
    return lines;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before);
    appender.stop();
  }
}
