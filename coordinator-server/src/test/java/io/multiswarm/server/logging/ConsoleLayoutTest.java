package io.multiswarm.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import io.multiswarm.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** The console as {@code logback.xml} lays it out. */
class ConsoleLayoutTest {

  private final LoggerContext context = new LoggerContext();
  private Logger logger;

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(ConsoleLayoutTest.class.getResource("/logback.xml"));
    logger = context.getLogger("io.multiswarm.Example");
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private List<String> lines(String message, Throwable failure, Object... values) {
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
    LoggingEvent event =
        new LoggingEvent("", logger, ch.qos.logback.classic.Level.WARN, message, failure, values);
    return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void event_always_isOneReadableLine() {
    assertThat(lines("swarm: {}, task: {}", null, "s1", "größer"))
        .singleElement()
        .asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}\\S+ WARN  Example: swarm: s1, task: größer");
  }

  @Test
  void value_withControlCharacters_isEscaped() {
    String value = "a\nb\r\t\u001b[31m\u202e\u2028\u0000";

    assertThat(lines("swarm: {}", null, value))
        .singleElement()
        .asString()
        .endsWith("swarm: a\\nb\\r\\t\\u001b[31m\\u202e\\u2028\\u0000");
  }

  @Test
  void exception_withAForgedLineInItsMessage_staysIndented() {
    Exception failure =
        new IllegalStateException("first\n2026-01-01 INFO forged", new Exception("\u001b[2J"));

    assertThat(lines("it failed", failure))
        .hasSizeGreaterThan(3)
        .filteredOn(line -> !line.startsWith("    "))
        .singleElement()
        .asString()
        .endsWith("Example: it failed");
    assertThat(String.join("", lines("it failed", failure))).doesNotContain("\u001b");
  }

  @Test
  void event_forPrograms_isOneObjectInALine() {
    JsonLog.begin(context);

    Map<String, Object> told =
        Json.parse(
                lines("swarm: {}\n{}", new IllegalStateException("why\n"), "s1", "\u001b").stream()
                    .reduce("", String::concat))
            .asMap();

    assertThat(lines("swarm: {}\n", null, "s1")).hasSize(1);
    assertThat(told)
        .containsEntry("level", "WARN")
        .containsEntry("loggerName", "io.multiswarm.Example")
        .containsEntry("formattedMessage", "swarm: s1\n\u001b")
        .containsKeys("timestamp", "threadName", "throwable")
        .hasSize(6);
  }

  @Test
  void libraries_belowWarnings_areSilent() {
    assertThat(context.getLogger("io.lettuce.core").isEnabledForLevel(Level.INFO)).isFalse();
    assertThat(logger.isEnabledForLevel(Level.INFO)).isTrue();
    assertThat(logger.isEnabledForLevel(Level.DEBUG)).isFalse();
  }
}
