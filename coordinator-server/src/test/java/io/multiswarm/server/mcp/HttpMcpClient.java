package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that posts what it is told, of either era, over the JDK's HTTP client. */
final class HttpMcpClient {

  static final String LEGACY = "2025-11-25";
  static final String MODERN = "2026-07-28";

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;
  private final String version;
  private final @Nullable String token;
  private final AtomicInteger ids = new AtomicInteger();
  private @Nullable String session;
  private @Nullable String fleet;

  private HttpMcpClient(int port, String version, @Nullable String token) {
    this.url = URI.create("http://127.0.0.1:" + port + "/mcp");
    this.version = version;
    this.token = token;
  }

  static HttpMcpClient modern(int port, @Nullable String token) {
    return new HttpMcpClient(port, MODERN, token);
  }

  /** One that has initialized a session. */
  static HttpMcpClient legacy(int port, @Nullable String token) {
    HttpMcpClient client = new HttpMcpClient(port, LEGACY, token);
    HttpResponse<String> response =
        client.post(
            Map.of(
                "jsonrpc",
                "2.0",
                "id",
                0,
                "method",
                "initialize",
                "params",
                Map.of(
                    "protocolVersion", LEGACY,
                    "capabilities", Map.of(),
                    "clientInfo", Map.of("name", "test", "version", "1"))),
            Map.of());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    client.session = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
    HttpResponse<String> noted =
        client.post(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"), Map.of());
    assertThat(noted.statusCode()).isEqualTo(202);
    return client;
  }

  static HttpMcpClient of(String era, int port, @Nullable String token) {
    return era.equals(MODERN) ? modern(port, token) : legacy(port, token);
  }

  /** From now on, by the header. */
  HttpMcpClient inFleet(String name) {
    fleet = name;
    return this;
  }

  @Nullable String session() {
    return session;
  }

  /** The {@code result} of a request that must succeed. */
  JsonNode request(String method, Map<String, Object> params) {
    HttpResponse<String> response = respond(method, params);
    JsonNode answer = answer(response);
    assertThat(answer.path("error").isMissingNode()).as(answer.toString()).isTrue();
    return answer.path("result");
  }

  /** The whole answer to a request. */
  HttpResponse<String> respond(String method, Map<String, Object> params) {
    Map<String, Object> all = new LinkedHashMap<>(params);
    Map<String, String> headers = new LinkedHashMap<>();
    if (version.equals(MODERN)) {
      Map<String, Object> meta =
          new LinkedHashMap<>(
              Map.of(
                  "io.modelcontextprotocol/protocolVersion",
                  MODERN,
                  "io.modelcontextprotocol/clientCapabilities",
                  Map.of()));
      if (params.get("_meta") instanceof Map<?, ?> more) {
        more.forEach((name, value) -> meta.put(String.valueOf(name), value));
      }
      all.put("_meta", meta);
      headers.put("Mcp-Method", method);
      Stream.of("uri", "name", "taskId")
          .filter(params::containsKey)
          .findFirst()
          .ifPresent(name -> headers.put("Mcp-Name", String.valueOf(params.get(name))));
    }
    return post(
        Map.of("jsonrpc", "2.0", "id", ids.incrementAndGet(), "method", method, "params", all),
        headers);
  }

  HttpResponse<String> post(Object message, Map<String, String> headers) {
    return send(
        builder(headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.of(message).toString()))
            .build());
  }

  HttpRequest.Builder builder(Map<String, String> headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Accept", "application/json, text/event-stream");
    if (fleet != null) {
      builder.header("Multiswarm-Fleet", fleet);
    }
    if (session != null || version.equals(MODERN)) {
      builder.header("MCP-Protocol-Version", version);
    }
    if (session != null) {
      builder.header("Mcp-Session-Id", session);
    }
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    headers.forEach(builder::setHeader);
    return builder;
  }

  static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The answer in a response, which is JSON or the last of its events. */
  static JsonNode answer(HttpResponse<String> response) {
    List<JsonNode> all = messages(response);
    return all.get(all.size() - 1);
  }

  static List<JsonNode> messages(HttpResponse<String> response) {
    String type = response.headers().firstValue("content-type").orElse("");
    if (!type.startsWith("text/event-stream")) {
      return List.of(MAPPER.readTree(response.body()));
    }
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> MAPPER.readTree(line.substring("data: ".length())))
        .toList();
  }

  /** What a tool answered, for programs; it must not be a refusal. */
  JsonNode call(String tool, Map<String, Object> arguments) {
    JsonNode result = called(tool, arguments);
    assertThat(result.path("isError").asBoolean(false)).as(result.toString()).isFalse();
    return result.path("structuredContent");
  }

  /** The whole result of a call, refusals too. */
  JsonNode called(String tool, Map<String, Object> arguments) {
    return request("tools/call", Map.of("name", tool, "arguments", arguments));
  }
}
