package io.multiswarm.server.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LastResortTest {

  private final Logger log = asConfigured().getLogger("reactor.netty.somewhere");
  private final List<Integer> halts = new CopyOnWriteArrayList<>();

  /** The server's own configuration of its log. */
  private static LoggerContext asConfigured() {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(
          Objects.requireNonNull(LastResort.class.getResource("/logback.xml")));
    } catch (JoranException e) {
      throw new AssertionError(e);
    }
    return context;
  }

  @BeforeEach
  void liveOn() {
    LastResort.haltBy(halts::add);
  }

  @AfterEach
  void die() {
    LastResort.haltBy(Runtime.getRuntime()::halt);
  }

  @Test
  void outOfMemory_loggedBySomebody_endsTheProcess() {
    log.warn("A task raised an exception. Task: {}", "t", new OutOfMemoryError("direct"));
    assertThat(halts).containsExactly(LastResort.EXIT_CODE);
  }

  @Test
  void outOfMemory_asTheCauseOfWhatIsNotEvenPrinted_endsTheProcess() {
    log.trace("never printed", new ExecutionException(new OutOfMemoryError("heap")));
    assertThat(halts).containsExactly(LastResort.EXIT_CODE);
  }

  @Test
  void outOfMemory_logged_endsTheProcessOnce() {
    log.warn("one", new OutOfMemoryError());
    log.warn("two", new OutOfMemoryError());
    assertThat(halts).hasSize(1);
  }

  @Test
  void otherErrors_logged_changeNothing() {
    log.warn("a defect {}", 1, new IllegalStateException(new StackOverflowError()));
    log.warn("a message {}", "alone");
    assertThat(halts).isEmpty();
  }

  @Test
  void outOfMemory_thatEndsAThread_endsTheProcess() throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try {
      LastResort.install();
      Thread thread =
          new Thread(
              () -> {
                throw new OutOfMemoryError("for a test");
              });
      thread.start();
      thread.join();
      assertThat(halts).containsExactly(LastResort.EXIT_CODE);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
