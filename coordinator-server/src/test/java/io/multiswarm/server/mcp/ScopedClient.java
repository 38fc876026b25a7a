package io.multiswarm.server.mcp;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of the modern era with a token, for tests outside this package. */
public final class ScopedClient {

  private final HttpMcpClient client;

  public ScopedClient(int port, @Nullable String token) {
    this.client = HttpMcpClient.modern(port, token);
  }

  /** One whose calls are for that fleet. */
  public static ScopedClient in(String fleet, int port, @Nullable String token) {
    ScopedClient made = new ScopedClient(port, token);
    made.client.inFleet(fleet);
    return made;
  }

  /** The whole response to {@code tools/list}. */
  public static HttpResponse<String> list(int port, @Nullable String token) {
    return HttpMcpClient.modern(port, token).respond("tools/list", Map.of());
  }

  /** The names of the tools that a token is shown. */
  public static List<String> tools(int port, String token) {
    return HttpMcpClient.answer(list(port, token))
        .at("/result/tools")
        .valueStream()
        .map(tool -> tool.path("name").asString())
        .toList();
  }

  /** A document that is open to everybody. */
  public static JsonNode get(String url) {
    return HttpMcpClient.answer(
        HttpMcpClient.send(HttpRequest.newBuilder(URI.create(url)).build()));
  }

  /** What a tool answered, which must not be a refusal. */
  public JsonNode call(String tool, Map<String, Object> arguments) {
    return client.call(tool, arguments);
  }

  /** What a model is told, refusals too. */
  public String text(String tool, Map<String, Object> arguments) {
    return client.called(tool, arguments).at("/content/0/text").asString();
  }
}
