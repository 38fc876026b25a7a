package io.multiswarm.load.agents;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Posts to one server as long as that answers, then to another. */
final class HttpDoor implements AgentDoor {

  static final String VERSION = "2026-07-28";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int OK = 200;

  private final HttpClient http;
  private final Supplier<URI> servers;
  private final AtomicLong ids = new AtomicLong();
  private @Nullable URI server;

  /**
   * @param servers gives the WebSocket address of one that lives
   */
  HttpDoor(HttpClient http, Supplier<URI> servers) {
    this.http = http;
    this.servers = servers;
  }

  @Override
  public JsonNode call(String tool, Map<String, Object> arguments)
      throws NoAnswerException, ToolRefusedException, InterruptedException {
    URI posted = server == null ? servers.get() : server;
    server = posted;
    try {
      return AgentDoor.result(
          read(http.send(request(posted, ids, tool, arguments), BodyHandlers.ofString())));
    } catch (IOException broken) {
      server = null;
      throw new NoAnswerException(String.valueOf(broken.getMessage()));
    } catch (NoAnswerException refused) {
      server = null;
      throw refused;
    }
  }

  static HttpRequest request(
      URI server, AtomicLong ids, String tool, Map<String, Object> arguments) {
    return HttpRequest.newBuilder(URI.create("http://" + server.getAuthority() + "/mcp"))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .header("MCP-Protocol-Version", VERSION)
        .header("Mcp-Method", "tools/call")
        .header("Mcp-Name", tool)
        .POST(
            HttpRequest.BodyPublishers.ofString(
                AgentDoor.message(ids.incrementAndGet(), tool, arguments)))
        .build();
  }

  static JsonNode read(HttpResponse<String> response) throws NoAnswerException {
    if (response.statusCode() != OK) {
      throw new NoAnswerException("HTTP " + response.statusCode());
    }
    try {
      return JsonMapper.shared().readTree(response.body());
    } catch (JacksonException unreadable) {
      throw new NoAnswerException("no JSON: " + response.body());
    }
  }

  /** The interrupt that ends its agent closes the connection, too. */
  @Override
  public void kill() {}
}
