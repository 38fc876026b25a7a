package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.multiswarm.common.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is kept of a client of the legacy era. */
class LegacyEraIT {

  @Test
  void initialize_ofAClientOfManyWords_keepsNoneOfThem() {
    String words = "w".repeat(100_000);
    List<InitializeRequest> kept = new CopyOnWriteArrayList<>();
    try (FixtureServer server =
        new FixtureServer(
            era ->
                era.setSessionFactory(
                    request -> {
                      kept.add(request);
                      throw new IllegalStateException("seen");
                    }))) {
      HttpMcpClient.send(
          HttpRequest.newBuilder(URI.create(server.url()))
              .header("Accept", "application/json, text/event-stream")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(initialize(words)))
              .build());
    }
    assertThat(kept)
        .singleElement()
        .satisfies(request -> assertThat(request.toString()).hasSizeLessThan(1_000));
  }

  private static String initialize(String words) {
    return Json.of(
            Map.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "initialize",
                "params",
                Map.of(
                    "protocolVersion",
                    words,
                    "capabilities",
                    Map.of(
                        "experimental", Map.of(words, words),
                        "extensions", Map.of("x", Map.of(words, words))),
                    "clientInfo",
                    Map.of("name", words, "title", words, "version", words),
                    "_meta",
                    Map.of("said", words))))
        .toString();
  }
}
