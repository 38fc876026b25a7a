package io.multiswarm.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.history.History;
import io.multiswarm.load.target.RunningServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.scheduler.VirtualTimeScheduler;

class ProgressTest {

  private static final String END = System.lineSeparator();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final StringWriter said = new StringWriter();
  private final AtomicInteger lines = new AtomicInteger();

  @AfterEach
  void stopTime() {
    time.dispose();
  }

  @Test
  void progress_inALog_isALineEachTime() {
    play(new PrintWriter(said));

    assertThat(said)
        .hasToString(
            "   1 s, 3 s left  line 1"
                + END
                + "   2 s, 2 s left  line 2"
                + END
                + "   1 of 2"
                + END);
  }

  @Test
  void progress_inATerminal_isOneLineAndTheRestComesBelowIt() {
    play(new Terminal(said));

    assertThat(said)
        .hasToString(
            "\r\033[?7l   1 s, 3 s left  line 1\033[K\033[?7h"
                + "\r\033[?7l   2 s, 2 s left  line 2\033[K\033[?7h"
                + END
                + "   1 of 2"
                + END);
  }

  @Test
  void left_ofWhatHasNotBegunOrTakesLonger_isNotMadeUp() {
    assertThat(Progress.left(5, 0)).isEmpty();
    assertThat(Progress.left(5, 0.25)).isEqualTo(", 15 s left");
    assertThat(Progress.left(5, 1.5)).isEqualTo(", 0 s left");
  }

  /** Two seconds of something that takes four. */
  private void play(PrintWriter out) {
    ScenarioContext context =
        ScenarioContext.begin(
            new RunningServer(URI.create("ws://nowhere.invalid"), Optional.empty()),
            new Connector(HttpClient.create(), History.NONE),
            time,
            out);
    Progress.each(
            Duration.ofSeconds(1),
            context,
            Progress.of(Duration.ofSeconds(4), context),
            () -> "line " + lines.incrementAndGet())
        .during(Mono.delay(Duration.ofMillis(2_500), time).then())
        .subscribe();
    time.advanceTimeBy(Duration.ofSeconds(3));
    context.say("%4d of %d%n", 1, 2);
  }
}
