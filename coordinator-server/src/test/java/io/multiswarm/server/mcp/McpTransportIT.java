package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the two eras ask of a server over HTTP, on the one URL. */
@RedisTest
class McpTransportIT {

  private static final Map<String, Object> META =
      Map.of(
          "io.modelcontextprotocol/protocolVersion",
          HttpMcpClient.MODERN,
          "io.modelcontextprotocol/clientCapabilities",
          Map.of());

  private static Map<String, Object> message(String method, Map<String, Object> meta) {
    return Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", Map.of("_meta", meta));
  }

  private static int code(HttpResponse<String> response) {
    return HttpMcpClient.answer(response).at("/error/code").asInt();
  }

  @Test
  void discover_modern_tellsVersionsAndCapabilities(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      JsonNode found =
          HttpMcpClient.modern(server.port(), null).request("server/discover", Map.of());
      assertThat(found.at("/supportedVersions/0").asString()).isEqualTo(HttpMcpClient.MODERN);
      assertThat(found.at("/capabilities/tools").isObject()).isTrue();
      assertThat(found.path("resultType").asString()).isEqualTo("complete");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tools/list, tools/call, 400, -32020",
    "no/such, no/such, 404, -32601",
  })
  void request_modernAndWrong_isRefusedByItsCode(
      String method, String header, int status, int code, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpResponse<String> response =
          HttpMcpClient.modern(server.port(), null)
              .post(message(method, META), Map.of("Mcp-Method", header));
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(code(response)).isEqualTo(code);
    }
  }

  @Test
  void version_thatIsUnknown_isToldWhichAreSupported(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      Map<String, Object> meta =
          Map.of(
              "io.modelcontextprotocol/protocolVersion",
              "2031-01-01",
              "io.modelcontextprotocol/clientCapabilities",
              Map.of());
      HttpResponse<String> response =
          HttpMcpClient.modern(server.port(), null)
              .post(
                  message("tools/list", meta),
                  Map.of("Mcp-Method", "tools/list", "MCP-Protocol-Version", "2031-01-01"));
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(code(response)).isEqualTo(-32022);
      assertThat(HttpMcpClient.answer(response).at("/error/data/supported/0").asString())
          .isEqualTo(HttpMcpClient.MODERN);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 405", "DELETE, 405", "PUT, 405"})
  void method_otherThanPost_isNotOfTheModernEra(String method, int status, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpRequest request =
          HttpMcpClient.modern(server.port(), null)
              .builder(Map.of())
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(HttpMcpClient.send(request).statusCode()).isEqualTo(status);
    }
  }

  @Test
  void session_legacyAndDeleted_isThereNoMore(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.legacy(server.port(), null);
      assertThat(client.request("ping", Map.of()).isObject()).isTrue();
      HttpRequest delete = client.builder(Map.of()).DELETE().build();
      assertThat(HttpMcpClient.send(delete).statusCode()).isEqualTo(200);
      assertThat(client.respond("tools/list", Map.of()).statusCode()).isEqualTo(404);
      assertThat(HttpMcpClient.send(delete).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void body_brokenOrTooLargeOrOfAnotherType_isRefusedByName(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      HttpResponse<String> large =
          client.post(Map.of("jsonrpc", "2.0", "id", "x".repeat(2 << 20)), Map.of());
      assertThat(large.statusCode()).isEqualTo(413);
      HttpRequest broken =
          client
              .builder(Map.of("Content-Type", "application/json"))
              .POST(HttpRequest.BodyPublishers.ofString("{\"jsonrpc\":"))
              .build();
      assertThat(code(HttpMcpClient.send(broken))).isEqualTo(-32700);
      HttpResponse<String> text =
          client.post(message("tools/list", META), Map.of("Content-Type", "text/plain"));
      assertThat(text.statusCode()).isEqualTo(415);
      assertThat(client.request("tools/list", Map.of()).has("tools")).isTrue();
    }
  }

  @Test
  void page_ofAForeignOriginOrHost_isRefused(TestRedis redis) throws IOException {
    try (TestServer server = TestServer.start(redis)) {
      HttpResponse<String> foreign =
          HttpMcpClient.modern(server.port(), null)
              .post(
                  message("tools/list", META),
                  Map.of("Mcp-Method", "tools/list", "Origin", "http://evil.example"));
      assertThat(foreign.statusCode()).isEqualTo(403);
      assertThat(statusWithHost(server.port(), "evil.example")).contains(" 403 ");
      assertThat(statusWithHost(server.port(), "localhost:" + server.port())).contains(" 400 ");
    }
  }

  private static String statusWithHost(int port, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET /mcp HTTP/1.1\r\nHost: " + host + "\r\nAccept: text/event-stream\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(20);
      return new String(answer, StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void next_withAProgressToken_tellsThatItGoesOn(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      JsonNode joined = client.call("join", Map.of("name", "ann"));
      HttpResponse<String> response =
          client.respond(
              "tools/call",
              Map.of(
                  "name",
                  "next",
                  "arguments",
                  Map.of(
                      "handle", joined.path("handle").asString(),
                      "cursor", joined.path("cursor").asString(),
                      "waitSeconds", 1),
                  "_meta",
                  Map.of("progressToken", "p1")));
      var messages = HttpMcpClient.messages(response);
      assertThat(messages.get(0).path("method").asString()).isEqualTo("notifications/progress");
      assertThat(messages.get(0).at("/params/progressToken").asString()).isEqualTo("p1");
      assertThat(messages.get(messages.size() - 1).at("/result/structuredContent/hint").asString())
          .contains("Nothing came");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void resources_read_areTheJsonOfTheProtocol(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      client.call("submit", Map.of("tasks", List.of(Map.of("id", "t1", "description", "d"))));
      client.call("join", Map.of("name", "ann"));
      assertThat(client.request("resources/list", Map.of()).at("/resources/0/name").asString())
          .isEqualTo("overview");
      assertThat(client.request("resources/templates/list", Map.of()).path("resourceTemplates"))
          .hasSize(2);
      assertThat(read(client, "multiswarm://task/t1")).contains("\"history\"");
      assertThat(read(client, "multiswarm://overview")).contains("totalRegistered");
      assertThat(read(client, "multiswarm://inbox/ann")).contains("\"messages\"");
      HttpResponse<String> unknown =
          client.respond("resources/read", Map.of("uri", "multiswarm://task/t2"));
      assertThat(HttpMcpClient.answer(unknown).at("/error/message").asString())
          .contains("NOT_FOUND");
      assertThat(HttpMcpClient.answer(unknown).at("/error/data/uri").asString(""))
          .isEqualTo(era.equals(HttpMcpClient.MODERN) ? "multiswarm://task/t2" : "");
    }
  }

  private static String read(HttpMcpClient client, String uri) {
    return client.request("resources/read", Map.of("uri", uri)).at("/contents/0/text").asString();
  }

  @Test
  void tools_listed_takeFewTokensOfAModel(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      JsonNode tools =
          HttpMcpClient.modern(server.port(), null).request("tools/list", Map.of()).path("tools");
      // Four characters a token, about, in English and JSON.
      assertThat(tools.toString().length()).isLessThan(4 * 2_500);
    }
  }
}
