package io.multiswarm.server.websocket;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketEndpointTest {

  private static final int FINAL = 0x80;
  private static final Duration SOON = Duration.ofSeconds(30);

  private static EchoServer server;

  @BeforeAll
  static void start() {
    server = new EchoServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String echo(int id, String value) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"echo\",\"params\":{\"value\":"
        + value
        + "}}";
  }

  private static String answer(int id, String value) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + value + "}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void handshake_withoutASubprotocol_isAccepted() {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.request("GET /v1/ws HTTP/1.1", ""))
          .startsWith("HTTP/1.1 101")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
          .doesNotContainIgnoringCase("sec-websocket-protocol")
          .doesNotContainIgnoringCase("sec-websocket-extensions");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multiswarm.v1",
        "graphql-ws, multiswarm.v1",
        "multiswarm.v1,other",
        "graphql-ws\r\nSec-WebSocket-Protocol: multiswarm.v1",
      })
  void handshake_offeringOurs_echoesIt(String offered) {
    try (RawClient client = RawClient.open(server.port())) {
      String more =
          "Sec-WebSocket-Protocol: "
              + offered
              + "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
      assertThat(client.request("GET /v1/ws?x=1 HTTP/1.1", more))
          .startsWith("HTTP/1.1 101")
          .containsIgnoringCase("sec-websocket-protocol: multiswarm.v1\r\n")
          .doesNotContainIgnoringCase("sec-websocket-extensions");
      client.sendText(echo(1, "1"));
      assertThat(client.read().text()).contains("UNAUTHENTICATED");
    }
  }

  @Test
  void handshake_offeringOtherUpgradesToo_isAccepted() {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(
              client.exchange(
                  "GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: h2c, websocket\r\n"
                      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
          .startsWith("HTTP/1.1 101");
      client.sendText(echo(1, "1"));
      assertThat(client.read().text()).contains("UNAUTHENTICATED");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | Sec-WebSocket-Protocol: graphql-ws",
        "400 | Sec-WebSocket-Protocol: multiswarm.v2, multiswarm.v10",
        "403 | Origin: https://evil.example",
        "403 | Origin: null",
        "403 | Origin: https://allowed.example.evil.example",
        "403 | Origin: https://allowed.example:444",
        "403 | Origin: http://allowed.example",
        "403 | Origin: http://127.0.0.1",
        "403 | Origin: https://allowed.example;Origin: https://allowed.example",
        "101 | Origin: https://allowed.example",
        "101 | Origin: http://127.0.0.1:PORT",
        "101 | Origin: http://localhost:PORT",
        "403 | Origin: http://localhost.evil.example:PORT",
      })
  void handshake_byItsHeaders_isJudged(String status, String headers) {
    String lines =
        headers.replace("PORT", String.valueOf(server.port())).replace(";", "\r\n") + "\r\n";
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.request("GET /v1/ws HTTP/1.1", lines)).startsWith("HTTP/1.1 " + status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/ws HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n",
        "HEAD /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "POST /v1/ws HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET /v1/wsx HTTP/1.1\r\nHost: x\r\n\r\n",
        "nonsense\r\n\r\n",
      })
  void request_thatIsNoHandshake_isRefused(String request) {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.exchange(request)).startsWith("HTTP/1.1 4");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 | Host: x | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP/1.1 | X-Host: x | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP/1.1 | Host: x;Host: x | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP/1.1 | Host: x, y | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP/1.1 | Host: | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "HTTP/1.1 | Host: x | Sec-WebSocket-Key: abc",
        "HTTP/1.1 | Host: x | Sec-WebSocket-Key:",
        "HTTP/1.1 | Host: x | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=",
        "HTTP/1.1 | Host: x | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=",
        "HTTP/1.1 | Host: x | Sec-WebSocket-Key: ????????????????????????",
        "HTTP/1.1 | Host: x"
            + " | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==;Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      })
  void handshake_thatIsNone_isABadRequest(String parts) {
    String[] part = parts.split(" \\| ");
    String headers = (part[1] + ";" + part[2]).replace(";", "\r\n");
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(
              client.exchange(
                  "GET /v1/ws "
                      + part[0]
                      + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + headers
                      + "\r\n\r\n"))
          .contains(" 400 ");
    }
  }

  @Test
  void text_inFragments_isOneMessage() {
    try (RawClient client = RawClient.session(server.port())) {
      byte[] message = utf8(echo(1, "\"héllo\""));
      int split = echo(1, "\"h").length() - 2 + 1;
      client.send(RawClient.TEXT, Arrays.copyOfRange(message, 0, split));
      client.send(FINAL | RawClient.PING, new byte[0]);
      client.send(0, new byte[0]);
      client.send(FINAL, Arrays.copyOfRange(message, split, message.length));

      assertThat(client.readAny().opcode()).isEqualTo(RawClient.PONG);
      assertThat(client.read().text()).isEqualTo(answer(1, "\"héllo\""));
    }
  }

  @Test
  void text_ofTheLimit_isAcceptedAndOneByteMoreIsNot() {
    String filler = "x".repeat(EchoServer.MAX_FRAME - echo(1, "\"\"").length());
    try (RawClient client = RawClient.session(server.port())) {
      client.sendText(echo(1, '"' + filler + '"'));
      assertThat(client.read().text()).isEqualTo(answer(1, '"' + filler + '"'));

      client.sendText(echo(1, "\"x" + filler + '"'));
      assertThat(client.readCloseCode()).isEqualTo(1009);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void text_farOverTheLimit_isToldSoWhileItIsStillSent() {
    try (RawClient client = RawClient.session(server.port())) {
      client.sendText("x".repeat(16 << 20));
      assertThat(client.readCloseCode()).isEqualTo(1009);
    }
  }

  @Test
  void fragments_overTheLimitTogether_areTooBig() {
    try (RawClient client = RawClient.session(server.port())) {
      byte[] half = utf8("x".repeat(EchoServer.MAX_FRAME / 2));
      client.send(RawClient.TEXT, half);
      client.send(0, half);
      client.send(0, utf8("x"));
      assertThat(client.readCloseCode()).isEqualTo(1009);
    }
  }

  @Test
  void frame_binary_closesWith4501() {
    try (RawClient client = RawClient.session(server.port())) {
      client.send(FINAL | RawClient.BINARY, new byte[] {1, 2});
      assertThat(client.readCloseCode()).isEqualTo(4501);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c3", "ff", "c080", "eda080", "f4908080", "22c3"})
  void text_thatIsNoUtf8_closesWith1007(String hex) {
    byte[] bad = java.util.HexFormat.of().parseHex(hex);
    try (RawClient client = RawClient.session(server.port())) {
      client.send(FINAL | RawClient.TEXT, bad);
      assertThat(client.readCloseCode()).isEqualTo(1007);
    }
    try (RawClient client = RawClient.session(server.port())) {
      client.send(RawClient.TEXT, Arrays.copyOf(bad, bad.length - 1));
      client.send(FINAL, new byte[] {bad[bad.length - 1]});
      assertThat(client.readCloseCode()).isEqualTo(1007);
    }
  }

  @ParameterizedTest
  @CsvSource({"C1", "A1", "91", "83", "80", "8B", "09"})
  void frame_againstTheProtocol_closesWith1002(String first) {
    try (RawClient client = RawClient.session(server.port())) {
      client.send(Integer.parseInt(first, 16), utf8("{}"));
      assertThat(client.readCloseCode()).isEqualTo(1002);
    }
  }

  @Test
  void malformed_tenTimes_isAnsweredTenTimesAndClosed() {
    try (RawClient client = RawClient.session(server.port())) {
      for (int i = 0; i < 12; i++) {
        client.sendText("{");
      }
      for (int i = 0; i < 10; i++) {
        assertThat(client.read().text()).contains("PARSE_ERROR");
      }
      assertThat(client.read().closeCode()).isEqualTo(4501);
    }
  }

  @Test
  void close_byTheClient_isEchoed() {
    try (RawClient client = RawClient.session(server.port())) {
      client.sendClose(4999);
      assertThat(client.readCloseCode()).isEqualTo(4999);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, bye1/1 bye", "1001, bye2/1", "0, bye3/1"})
  void session_atItsEnd_letsGoOfItsSwarms(int code, String letGo) {
    String id = letGo.substring(0, 4);
    try (RawClient client = RawClient.session(server.port())) {
      client.sendText(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"take\",\"params\":{\"id\":\"" + id + "\"}}");
      assertThat(client.read().text()).isEqualTo(answer(1, "{}"));
      if (code == 0) {
        client.crash();
      } else {
        client.sendClose(code);
      }
      await(SOON, () -> server.custody.letGo.contains(letGo));
    }
    await(SOON, () -> server.endpoint.connectionCount() == 0);
  }

  @Test
  void answers_unread_stopTheReadingAndArriveLater() {
    try (RawClient client = RawClient.session(server.port())) {
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"large\"}");
                }
              });
      sender.start();
      for (int i = 0; i < 2_000; i++) {
        assertThat(client.read().text()).startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",");
      }
    }
  }

  @Test
  void notifications_unread_stayWhereTheyAre() {
    int before = server.flooded.get();
    try (RawClient client = RawClient.session(server.port())) {
      client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"flood\"}");
      assertThat(client.read().text()).isEqualTo(answer(1, "{}"));
      int[] last = {-1};
      // The kernel's buffers take some megabytes; then it stands still.
      await(
          SOON,
          () -> {
            boolean still = last[0] == server.flooded.get();
            last[0] = server.flooded.get();
            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            return still;
          });
      assertThat(server.flooded.get() - before).isLessThan(20_000);

      client.sendText(echo(2, "2"));
      while (!client.read().text().equals(answer(2, "2"))) {
        // Notifications that were on their way.
      }
    }
  }

  @Test
  void session_thatIsNotOpened_isClosedWith4502() {
    try (EchoServer quick = new EchoServer(Duration.ofMillis(200), Duration.ofSeconds(25));
        RawClient client = RawClient.upgraded(quick.port())) {
      assertThat(client.readCloseCode()).isEqualTo(4502);
    }
  }

  @Test
  void request_thatTrickles_isCutAtTheDeadline() {
    SocketTimings timings =
        SocketTimings.of(Duration.ofSeconds(10), Duration.ofSeconds(25), Duration.ofSeconds(30));
    try (EchoServer quick = new EchoServer(timings, Duration.ofMillis(200));
        RawClient client = RawClient.open(quick.port())) {
      assertThat(client.exchange("GET /v1/ws HTTP/1.1\r\nHost:")).isEmpty();
    }
  }

  @Test
  void ping_always_comesInItsInterval() {
    try (EchoServer pinging = new EchoServer(Duration.ofSeconds(10), Duration.ofMillis(100));
        RawClient client = RawClient.session(pinging.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.readAny().opcode()).isEqualTo(RawClient.PING);
      }
    }
  }

  private static SocketTimings quick(long pingMillis, long pongMillis, long stuckMillis) {
    return new SocketTimings(
        Duration.ofSeconds(10),
        Duration.ofMillis(pingMillis),
        Duration.ofMillis(pongMillis),
        Duration.ofSeconds(30),
        Duration.ofMillis(stuckMillis),
        Duration.ofMinutes(1));
  }

  @Test
  void ping_withoutAnAnswer_closesWith4012() {
    try (EchoServer strict = new EchoServer(quick(100, 200, 30_000));
        RawClient client = RawClient.upgraded(strict.port())) {
      RawClient.Received frame = client.readAny();
      while (frame.opcode() == RawClient.PING) {
        frame = client.readAny();
      }
      assertThat(frame.closeCode()).isEqualTo(4012);
    }
  }

  @Test
  void ping_withAnySignOfLife_isAnswered() {
    try (EchoServer strict = new EchoServer(quick(500, 3_000, 30_000));
        RawClient client = RawClient.session(strict.port())) {
      // The last ones come when the first must have been answered.
      for (int i = 0; i < 8; i++) {
        assertThat(client.readAny().opcode()).isEqualTo(RawClient.PING);
        client.send(FINAL | RawClient.PONG, utf8("unasked"));
      }
    }
  }

  @Test
  void client_thatReadsNothing_isClosedWith4008AndItsSwarmsLetGo() {
    try (EchoServer strict = new EchoServer(quick(25_000, 10_000, 1_000));
        RawClient client = RawClient.session(strict.port())) {
      client.sendText(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"take\",\"params\":{\"id\":\"slow\"}}");
      client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"flood\"}");

      await(SOON, () -> strict.custody.letGo.contains("slow/1"));

      assertThat(client.readCloseCode()).isEqualTo(4008);
    }
  }

  @Test
  void client_thatNeverReadsAgain_isCut() {
    SocketTimings timings =
        new SocketTimings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(25),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            Duration.ofMillis(500));
    try (EchoServer strict = new EchoServer(timings);
        RawClient client = RawClient.session(strict.port())) {
      client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"flood\"}");
      await(SOON, () -> strict.endpoint.connectionCount() == 0);
    }
  }

  @Test
  void drain_always_closesWith4001AfterTheAnswers() {
    try (EchoServer draining = new EchoServer();
        RawClient client = RawClient.session(draining.port())) {
      client.sendText(echo(1, "1"));
      assertThat(client.read().text()).isEqualTo(answer(1, "1"));

      draining.endpoint.drain().subscribe();

      assertThat(client.readCloseCode()).isEqualTo(4001);
      client.close();
      await(SOON, () -> draining.endpoint.connectionCount() == 0);
      try (RawClient late = RawClient.open(draining.port())) {
        assertThat(late.request("GET /v1/ws HTTP/1.1", "")).startsWith("HTTP/1.1 503");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/healthz, 200, up",
    "/readyz, 200, \"ready\":true",
    "/metrics, 200, x_messages_total",
    "/v1/asyncapi.json, 200, \"version\": \"1.2.3\"",
    "/, 200, <title>",
    "/clients/multiswarm.js, 200, multiswarm.v1",
    "/nothing, 404, nothing"
  })
  void page_byItsPath_isAnswered(String path, int status, String content) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(content);
  }
}
