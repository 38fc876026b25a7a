package io.multiswarm.server.websocket;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.session.NodeBuffers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client can send without limit must cost the node no more than its share. */
class SocketFloodsTest {

  private static final int FINAL = 0x80;
  private static final int NODE = 4 << 20;
  private static final Duration SOON = Duration.ofSeconds(30);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static EchoServer server(Duration assembly) {
    return new EchoServer(
        SocketTimings.of(Duration.ofSeconds(10), Duration.ofSeconds(25), assembly),
        Duration.ofMinutes(1),
        new NodeBuffers(NODE));
  }

  @Test
  void pings_withoutEnd_areSlowedAndThenClosedByName() {
    try (EchoServer server = server(Duration.ofSeconds(30));
        RawClient client = RawClient.session(server.port())) {
      Thread flood =
          new Thread(
              () -> {
                try {
                  for (; ; ) {
                    client.send(FINAL | RawClient.PING, utf8("x".repeat(125)));
                  }
                } catch (java.io.UncheckedIOException closed) {
                  // As it must end.
                }
              });
      flood.start();
      int pongs = 0;
      RawClient.Received frame = client.readAny();
      while (frame.opcode() == RawClient.PONG) {
        pongs++;
        frame = client.readAny();
      }
      assertThat(frame.closeCode()).isEqualTo(4013);
      // Where the machine is slow, a second has less than are allowed, and the row begins anew.
      assertThat(pongs).isLessThanOrEqualTo(3 * Brake.PATIENCE * (Brake.PER_SECOND + 1));
    }
  }

  @Test
  void message_beforeTheSessionIsOpen_mayHaveEightKibibytes() {
    try (EchoServer server = server(Duration.ofSeconds(30))) {
      try (RawClient client = RawClient.upgraded(server.port())) {
        client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"x\":\"" + "x".repeat(8_000) + "\"}");
        assertThat(client.read().text()).contains("INVALID_REQUEST");
        client.sendPart(FINAL | RawClient.TEXT, new byte[1 << 20], 9_000);
        assertThat(client.readCloseCode()).isEqualTo(1009);
      }
    }
  }

  @Test
  void message_thatIsNotFinished_isClosedAtTheDeadline() {
    try (EchoServer server = server(Duration.ofSeconds(2));
        RawClient client = RawClient.session(server.port());
        RawClient busy = RawClient.session(server.port())) {
      client.sendPart(FINAL | RawClient.TEXT, new byte[100_000], 50_000);
      RawClient.Received frame = client.readAny();
      assertThat(frame.closeCode()).isEqualTo(4008);
      assertThat(new String(frame.payload(), StandardCharsets.UTF_8)).contains("2000 ms");
      // Pings within a message do not make it whole.
      busy.send(RawClient.TEXT, utf8("{"));
      for (int i = 0; i < 5; i++) {
        busy.send(FINAL | RawClient.PING, new byte[0]);
        assertThat(busy.readAny().opcode()).isEqualTo(RawClient.PONG);
      }
      frame = busy.readAny();
      assertThat(frame.closeCode()).isEqualTo(4008);
    }
    // Nothing is left of them.
  }

  @Test
  void messages_unfinishedOnManyConnections_takeNoMoreThanTheNodeHas() {
    List<RawClient> halves = new ArrayList<>();
    try (EchoServer server = server(Duration.ofSeconds(30))) {
      for (int i = 0; i < 40; i++) {
        RawClient client = RawClient.session(server.port());
        halves.add(client);
        client.sendPart(FINAL | RawClient.TEXT, utf8("x".repeat(1 << 20)), 1 << 19);
      }
      await(SOON, () -> server.endpoint.connectionCount() < 40);
      await(SOON, () -> server.buffers.held() <= NODE);

      try (RawClient quiet = RawClient.session(server.port())) {
        String value = "\"" + "y".repeat(50_000) + "\"";
        quiet.sendText(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"value\":"
                + value
                + "}}");
        assertThat(quiet.read().text()).endsWith(value + "}");
      }
      halves.forEach(RawClient::close);
      await(SOON, () -> server.buffers.held() == 0);
    }
  }

  @Test
  void frames_empty_doNotMakeAMessageYounger() {
    try (EchoServer server = server(Duration.ofSeconds(2));
        RawClient client = RawClient.session(server.port())) {
      client.send(RawClient.TEXT, utf8("{"));
      Thread trickle =
          new Thread(
              () -> {
                try {
                  for (; ; ) {
                    client.send(0, new byte[0]);
                    Thread.onSpinWait();
                  }
                } catch (java.io.UncheckedIOException closed) {
                  // As it must end.
                }
              });
      trickle.start();
      assertThat(client.readCloseCode()).isEqualTo(4008);
    }
  }
}
