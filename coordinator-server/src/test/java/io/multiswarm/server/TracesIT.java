package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces of the server at a collector that takes OTLP over HTTP. */
@Timeout(180)
class TracesIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();

  @TempDir private Path directory;

  private HttpServer collector() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          received.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void submissionAndAttempt_ofAClientsTrace_reachTheCollectorInIt() throws Exception {
    HttpServer collector = collector();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    try (ServerProcess server =
        ServerProcess.start(
            directory, Map.of("PORT", "0", "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint))) {
      try (JsonClient client = JsonClient.connect(server.awaitPort())) {
        client.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"work\"}");
        client.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
        client.ok(
            "task.submit",
            "{\"task\":{\"id\":\"t\",\"description\":\"d\",\"metadata\":{\"traceparent\":\"00-"
                + TRACE
                + "-b7ad6b7169203331-01\"}}}");
        assertThat(client.next("task.assigned").at("/task/metadata/traceparent").asString())
            .contains(TRACE);
        client.ok("task.complete", "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":1}");
      }

      server.terminate();

      assertThat(server.awaitExit()).isZero();
      assertThat(spansOf("multiswarm.task.submit")).contains(id());
      assertThat(spansOf("multiswarm.task.attempt")).contains(id());
    } finally {
      collector.stop(0);
    }
  }

  /** As bytes of Latin-1, in which every byte is a character. */
  private static String id() {
    return new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
  }

  /**
   * What lies before the name in each body, and not before another name: a span begins with ids.
   */
  private String spansOf(String name) {
    return received.stream()
        .map(body -> new String(body, StandardCharsets.ISO_8859_1))
        .flatMap(
            body ->
                java.util.regex.Pattern.compile(name)
                    .matcher(body)
                    .results()
                    .map(found -> body.substring(Math.max(0, found.start() - 64), found.start())))
        .collect(Collectors.joining("|"));
  }
}
