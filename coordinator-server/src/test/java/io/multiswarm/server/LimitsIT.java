package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.auth.AddressRange;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who takes more than his share, and what he is told. */
@RedisTest
class LimitsIT {

  private static final ServerConfig.Limits ANY = ServerConfig.Limits.DEFAULTS;

  private static ServerConfig.Limits limits(
      int connections, int perAddress, int perPrincipal, int handshakes, int messages, int bytes) {
    return new ServerConfig.Limits(
        connections,
        perAddress,
        perPrincipal,
        handshakes,
        messages,
        bytes,
        ANY.headerBytes(),
        ANY.subscriptionsPerPrincipal());
  }

  private static ServerConfig.Limits subscriptions(int most) {
    return new ServerConfig.Limits(99, 99, 99, 0, 0, 0, ANY.headerBytes(), most);
  }

  private static void refused(JsonClient client, String method, String params, String setting) {
    JsonNode refused = client.error(method, params);
    assertThat(refused.at("/data/name").asString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(refused.get("message").asString()).contains(setting);
  }

  @Test
  void subscriptions_ofAPrincipal_areLimitedOverAllItsSessions(
      TestRedis redis, @TempDir Path directory) {
    String may = "[\"swarm\",\"observe\"]";
    TokensFixture tokens =
        new TokensFixture(directory)
            .write(
                TokensFixture.entry("p", "token-one-0000000", may, "[\"*\"]"),
                TokensFixture.entry("q", "token-of-q-000000", may, "[\"*\"]"));
    String swarm = "{\"id\":\"%s\",\"objective\":\"o\"}";
    String channel = "{\"channel\":\"swarm:%s\"}";
    try (TestServer server = TestServer.guarded(redis, tokens.security(), subscriptions(2));
        JsonClient one = JsonClient.connect(server.port(), "token-one-0000000");
        JsonClient two = JsonClient.connect(server.port(), "token-one-0000000");
        JsonClient other = JsonClient.connect(server.port(), "token-of-q-000000")) {
      one.ok("swarm.create", swarm.formatted("a"));
      one.ok("swarm.create", swarm.formatted("c"));

      one.ok("channel.subscribe", channel.formatted("a"));
      two.ok("channel.subscribe", channel.formatted("a"));
      refused(one, "channel.subscribe", channel.formatted("c"), "MAX_SUBSCRIPTIONS_PER_PRINCIPAL");
      other.ok("channel.subscribe", channel.formatted("c"));
      two.ok("channel.unsubscribe", channel.formatted("a"));
      one.ok("channel.subscribe", channel.formatted("c"));
    }
  }

  /** The status and the text of a handshake's answer. */
  private static String handshake(TestServer server, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request =
          "GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + String.join("", headers)
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[4096];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void connections_overTheLimit_areRefusedByName(TestRedis redis) throws IOException {
    try (TestServer server =
            TestServer.guarded(redis, ServerConfig.Security.NONE, limits(3, 2, 9, 0, 0, 0));
        JsonClient one = server.connect();
        JsonClient two = server.connect()) {
      assertThat(handshake(server)).contains(" 503 ", "MAX_CONNECTIONS_PER_ADDRESS");
      one.ok("session.ping", "{}");
      two.ok("session.ping", "{}");
    }
    try (TestServer server =
            TestServer.guarded(redis, ServerConfig.Security.NONE, limits(1, 2, 9, 0, 0, 0));
        JsonClient one = server.connect()) {
      assertThat(handshake(server)).contains(" 503 ", "(MAX_CONNECTIONS)");
      one.ok("session.ping", "{}");
    }
  }

  @Test
  void sessions_ofAPrincipal_areLimitedByName(TestRedis redis, @TempDir Path directory) {
    TokensFixture tokens =
        new TokensFixture(directory)
            .write(
                TokensFixture.entry("p", "token-one-0000000", "[\"observe\"]", "[]"),
                TokensFixture.entry("p", "token-two-0000000", "[\"observe\"]", "[]"),
                TokensFixture.entry("q", "token-of-q-000000", "[\"observe\"]", "[]"));
    try (TestServer server =
            TestServer.guarded(redis, tokens.security(), limits(99, 99, 1, 0, 0, 0));
        JsonClient first = JsonClient.connect(server.port(), "token-one-0000000");
        JsonClient second = JsonClient.connectOnly(server.port())) {
      JsonNode error = second.error("session.open", JsonClient.opening("token-two-0000000"));

      assertThat(error.at("/data/name").asString()).isEqualTo("RESOURCE_EXHAUSTED");
      assertThat(error.get("message").asString()).contains("MAX_CONNECTIONS_PER_PRINCIPAL");
      assertThat(second.closeCode()).isEqualTo(4504);
      first.ok("session.ping", "{}");
      JsonClient.connect(server.port(), "token-of-q-000000").close();
    }
  }

  @Test
  void messages_overTheRate_areRefusedAndWhoGoesOnIsClosed(TestRedis redis) {
    try (TestServer server =
            TestServer.guarded(redis, ServerConfig.Security.NONE, limits(99, 99, 99, 0, 20, 0));
        JsonClient flood = server.connect();
        JsonClient quiet = server.connect()) {
      List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        answers.add(flood.call("session.ping", "{}"));
      }
      List<JsonNode> refused =
          answers.stream()
              .map(CompletableFuture::join)
              .filter(answer -> answer.has("error"))
              .toList();
      assertThat(refused).isNotEmpty();
      assertThat(refused)
          .allSatisfy(
              answer -> {
                assertThat(answer.at("/error/data/name").asString())
                    .isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(answer.at("/error/data/retryAfterMs").asLong()).isPositive();
                assertThat(answer.at("/error/message").asString()).contains("RATE_MESSAGES");
              });
      quiet.ok("session.ping", "{}");

      for (int i = 0; i < 1_000; i++) {
        try {
          flood.call("session.ping", "{}");
        } catch (AssertionError closed) {
          break;
        }
      }
      assertThat(flood.closeCode()).isEqualTo(4013);
      quiet.ok("session.ping", "{}");
    }
  }

  @Test
  void bytes_overTheRate_areRefusedByName(TestRedis redis) {
    try (TestServer server =
            TestServer.guarded(redis, ServerConfig.Security.NONE, limits(99, 99, 99, 0, 0, 1000));
        JsonClient client = server.connect()) {
      client.ok("session.ping", "{\"x\":\"" + "x".repeat(50_000) + "\"}");

      JsonNode error = client.error("session.ping", "{}");

      assertThat(error.get("message").asString()).contains("RATE_BYTES");
      assertThat(error.at("/data/retryAfterMs").asLong()).isGreaterThan(30_000);
    }
  }

  @Test
  void handshakes_overTheRate_areRefusedByAddressBehindTheProxy(TestRedis redis)
      throws IOException {
    ServerConfig.Security behindAProxy =
        new ServerConfig.Security(
            AuthSettings.NONE,
            null,
            List.of(AddressRange.parse("127.0.0.0/8").orElseThrow()),
            false);
    try (TestServer server = TestServer.guarded(redis, behindAProxy, limits(99, 99, 99, 1, 0, 0))) {
      List<String> ofOneAddress =
          List.of(
              "X-Forwarded-For: 1.1.1.1, 198.51.100.7\r\n",
              "Forwarded: for=198.51.100.7;proto=https\r\n");
      String answer = "";
      // Ten are let in at once, and one more in each second. Two addresses would be let in 20
      // times.
      for (int i = 0; i < 20 && !answer.contains(" 429 "); i++) {
        answer = handshake(server, ofOneAddress.get(i % 2));
      }
      assertThat(answer).contains(" 429 ", "HANDSHAKE_RATE").containsIgnoringCase("retry-after");
      assertThat(handshake(server, "X-Forwarded-For: 198.51.100.7, 1.1.1.1\r\n")).contains(" 101 ");
    }
  }

  @Test
  void metrics_whereTokensAreAskedFor_takeTheScopeObserve(TestRedis redis, @TempDir Path directory)
      throws Exception {
    TokensFixture tokens =
        new TokensFixture(directory)
            .write(
                TokensFixture.entry("o", "token-of-o-000000", "[\"observe\"]", "[]"),
                TokensFixture.entry("s", "token-of-s-000000", "[\"submit\"]", "[]"));
    try (TestServer server = TestServer.guarded(redis, tokens.security())) {
      assertThat(get(server, "/metrics", "")).isEqualTo(401);
      assertThat(get(server, "/metrics", "Bearer nonsense")).isEqualTo(401);
      assertThat(get(server, "/metrics", "Bearer token-of-s-000000")).isEqualTo(403);
      assertThat(get(server, "/metrics", "Bearer token-of-o-000000")).isEqualTo(200);
      for (String open :
          List.of("/healthz", "/readyz", "/v1/asyncapi.json", "/clients/multiswarm.js")) {
        assertThat(get(server, open, "")).as(open).isEqualTo(200);
      }
    }
  }

  private static int get(TestServer server, String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    return answer.statusCode();
  }
}
