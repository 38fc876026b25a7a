package io.multiswarm.server.mcp.bridge;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Posts each line, and prints what comes back, a line a message.
 *
 * <p><b>Bounds.</b> {@link #MOST_AT_ONCE} messages are under way; then no more is read.
 *
 * <p><b>Failures.</b> A request that the server did not answer is answered here, with an error that
 * says so. A session of the legacy era that the server knows no more is begun anew, once a request.
 */
final class StdioBridge {

  private static final int MOST_AT_ONCE = 64;
  private static final int NOT_FOUND = 404;
  private static final int NOT_REACHED = -32000;
  private static final String SESSION = "Mcp-Session-Id";
  private static final String DATA = "data:";

  private final URI url;
  private final Map<String, String> headers;
  private final PrintWriter out;
  private final HttpClient http;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private volatile @Nullable String session;
  private volatile @Nullable String initialize;

  /**
   * @param headers of each request, besides those of MCP
   */
  StdioBridge(HttpClient http, URI url, Map<String, String> headers, PrintWriter out) {
    this.http = http;
    this.url = url;
    this.headers = Map.copyOf(headers);
    this.out = out;
  }

  /** Until the end of the input, and of what is under way then. */
  void serve(InputStream in) throws IOException, InterruptedException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        room.acquire();
        begin(line);
      }
    }
    room.acquire(MOST_AT_ONCE);
  }

  /** What fails is answered by an error, so nobody waits for this. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void begin(String line) {
    pass(line).whenComplete((done, failed) -> room.release());
  }

  private CompletableFuture<Void> pass(String line) {
    Map<String, Object> message;
    try {
      message = Json.parse(line).asMap();
    } catch (CoordinationException unreadable) {
      print(error(null, -32700, unreadable.message()));
      return CompletableFuture.completedFuture(null);
    }
    Object id = message.get("method") == null ? null : message.get("id");
    if ("initialize".equals(message.get("method"))) {
      initialize = line;
      session = null;
    }
    return CompletableFuture.completedFuture(line)
        .thenCompose(text -> post(text, message))
        .thenCompose(response -> again(response, line, message))
        .thenAccept(response -> answer(response, id))
        .exceptionally(
            failed -> {
              if (id != null) {
                print(error(id, NOT_REACHED, url + " does not answer; call again in a moment"));
              }
              return null;
            });
  }

  private CompletableFuture<HttpResponse<Stream<String>>> post(
      String line, Map<String, Object> message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    headers.forEach(request::header);
    Headers.of(message).forEach(request::header);
    String known = session;
    if (known != null) {
      request.header(SESSION, known);
    }
    return http.sendAsync(
        request.POST(HttpRequest.BodyPublishers.ofString(line)).build(), BodyHandlers.ofLines());
  }

  /** Begins another session when the server has forgotten ours, and repeats the message there. */
  private CompletableFuture<HttpResponse<Stream<String>>> again(
      HttpResponse<Stream<String>> response, String line, Map<String, Object> message) {
    String first = initialize;
    if (response.statusCode() != NOT_FOUND || session == null || first == null) {
      return CompletableFuture.completedFuture(response);
    }
    response.body().close();
    session = null;
    return post(first, Json.parse(first).asMap())
        .thenCompose(
            begun -> {
              begun.body().close();
              session = begun.headers().firstValue(SESSION).orElse(null);
              return post(line, message);
            });
  }

  private void answer(HttpResponse<Stream<String>> response, @Nullable Object id) {
    response.headers().firstValue(SESSION).ifPresent(begun -> session = begun);
    boolean areEvents =
        response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    try (Stream<String> lines = response.body()) {
      if (areEvents) {
        lines
            .filter(line -> line.startsWith(DATA))
            .forEach(line -> print(line.substring(DATA.length()).strip()));
        return;
      }
      String body = String.join("", lines.toList());
      if (id != null && body.contains("\"id\":null")) {
        // What the transport refused has no id; who waits for an answer needs one.
        print(error(id, NOT_REACHED, "HTTP " + response.statusCode() + ": " + body));
      } else if (!body.isBlank()) {
        print(body);
      }
    }
  }

  private static String error(@Nullable Object id, int code, String why) {
    Json error = JsonObject.with("code", code).and("message", why).json();
    return JsonObject.with("jsonrpc", "2.0").and("id", id).and("error", error).json().toString();
  }

  private synchronized void print(String line) {
    out.println(line);
    out.flush();
  }
}
