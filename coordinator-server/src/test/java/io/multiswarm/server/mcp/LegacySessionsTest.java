package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.multiswarm.server.session.Client;
import io.multiswarm.testing.SetClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class LegacySessionsTest {

  private static final Client QUIET = new Client(InetAddress.getLoopbackAddress(), null);
  private static final Client GREEDY = new Client(address(), null);

  private static InetAddress address() {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final SetClock clock = new SetClock(time);
  private final LegacySessions sessions = new LegacySessions(clock, 10);

  private void begin(String id, Client caller) {
    sessions.add(
        new McpStreamableServerSession(
            id,
            McpSchema.ClientCapabilities.builder().build(),
            McpSchema.Implementation.builder("client", "0").build(),
            Duration.ofSeconds(1),
            Map.of(),
            Map.of()),
        caller);
  }

  @Test
  void flood_ofOneCaller_endsItsOwnSessions() {
    begin("first", QUIET);
    begin("second", QUIET);
    for (int i = 0; i < 1_000; i++) {
      begin("greedy-" + i, GREEDY);
    }

    assertThat(sessions.of("first", QUIET)).isNotNull();
    assertThat(sessions.of("second", QUIET)).isNotNull();
    assertThat(sessions.of("greedy-991", GREEDY)).isNull();
    assertThat(sessions.of("greedy-992", GREEDY)).isNotNull();
    assertThat(sessions.all()).hasSize(10);
  }

  @Test
  void wallClock_setForward_endsNoSession() {
    begin("used", QUIET);
    clock.set(Duration.ofHours(2));
    begin("new", QUIET);

    assertThat(sessions.of("used", QUIET)).isNotNull();
  }

  @Test
  void session_thatNobodyUsesForAnHour_goesWhenAnotherBegins() {
    begin("idle", QUIET);
    begin("used", QUIET);
    time.advanceTimeBy(Duration.ofMinutes(50));
    assertThat(sessions.of("used", QUIET)).isNotNull();
    time.advanceTimeBy(Duration.ofMinutes(10));
    begin("new", QUIET);

    assertThat(sessions.of("idle", QUIET)).isNull();
    assertThat(sessions.of("used", QUIET)).isNotNull();
    assertThat(sessions.all()).hasSize(2);
  }

  @Test
  void session_thatEnded_countsNoMore() {
    for (int i = 0; i < 8; i++) {
      begin("ended-" + i, GREEDY);
      McpStreamableServerSession session = sessions.of("ended-" + i, GREEDY);
      assertThat(session).isNotNull();
      sessions.remove(session);
    }
    begin("greedy", GREEDY);
    for (int i = 0; i < 10; i++) {
      begin("quiet-" + i, QUIET);
    }
    assertThat(sessions.of("greedy", GREEDY)).isNotNull();
    assertThat(sessions.of("quiet-0", QUIET)).isNull();
  }
}
