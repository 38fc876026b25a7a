package io.multiswarm.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the protocol that shares no code with the server: the JDK's WebSocket and an object
 * mapper. Every wait has a deadline. Every frame that comes, and every request that was accepted,
 * must be as the server's {@link WireContract} describes it.
 */
public final class JsonClient implements WebSocket.Listener, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper MAPPER = WireContract.MAPPER;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final WireContract CONTRACT = WireContract.ofTheServer();

  private record Asked(String request, CompletableFuture<JsonNode> answer) {}

  private final Map<Integer, Asked> asked = new ConcurrentHashMap<>();
  private final BlockingQueue<JsonNode> notifications = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;
  private @Nullable JsonNode welcome;

  /** A frame that is not as described; thrown to whoever uses this client next. */
  private volatile @Nullable AssertionError breach;

  private JsonClient() {}

  /** Connected, with an open session. */
  public static JsonClient connect(int port) {
    JsonClient client = connectOnly(port);
    client.welcome = client.ok("session.open", "{\"protocol\":1,\"client\":{\"name\":\"it\"}}");
    return client;
  }

  /** Connected only. */
  public static JsonClient connectOnly(int port) {
    return connectOnly(HTTP, "ws://127.0.0.1:" + port, Map.of());
  }

  /** Connected only, by another client of HTTP or with headers of its own. */
  public static JsonClient connectOnly(
      HttpClient http, String origin, Map<String, String> headers) {
    JsonClient client = new JsonClient();
    WebSocket.Builder builder = http.newWebSocketBuilder().subprotocols("multiswarm.v1");
    headers.forEach(builder::header);
    client.socket = get(builder.buildAsync(URI.create(origin + "/v1/ws"), client));
    return client;
  }

  /** Connected, with a session that the token opened. */
  public static JsonClient connect(int port, String token) {
    JsonClient client = connectOnly(port);
    client.welcome = client.ok("session.open", opening(token));
    return client;
  }

  /** The parameters of session.open with that token. */
  public static String opening(String token) {
    return "{\"protocol\":1,\"token\":\"" + token + "\"}";
  }

  /** The result of session.open. */
  public JsonNode welcome() {
    return java.util.Objects.requireNonNull(welcome);
  }

  /** Sends a request; the future gives the whole answer. */
  public CompletableFuture<JsonNode> call(String method, String params) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    String request =
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}";
    asked.put(id, new Asked(request, answer));
    send(request);
    return answer;
  }

  private void send(String message) {
    get(java.util.Objects.requireNonNull(socket).sendText(message, true));
  }

  /** What a call is answered, a result or an error. */
  JsonNode answer(String method, String params) {
    return get(call(method, params));
  }

  /** The result of a call that must succeed. */
  public JsonNode ok(String method, String params) {
    return ok(call(method, params));
  }

  public static JsonNode ok(CompletableFuture<JsonNode> call) {
    JsonNode answer = get(call);
    if (!answer.has("result") || answer.has("error")) {
      throw new AssertionError("no result: " + answer);
    }
    return answer.get("result");
  }

  /** The error of a call that must fail. */
  public JsonNode error(String method, String params) {
    return error(call(method, params));
  }

  public static JsonNode error(CompletableFuture<JsonNode> call) {
    JsonNode answer = get(call);
    if (answer.has("result") || !answer.has("error")) {
      throw new AssertionError("no error: " + answer);
    }
    return answer.get("error");
  }

  /** The name of the error of a call that must fail. */
  public String refusal(String method, String params) {
    return error(method, params).at("/data/name").asString();
  }

  /** The params of the next notification, which must be of that method. */
  public JsonNode next(String method) {
    JsonNode notification = poll(PATIENCE);
    if (notification == null || !notification.get("method").asString().equals(method)) {
      throw new AssertionError("no " + method + " but " + notification);
    }
    return notification.get("params");
  }

  /** The next notification within a time; null when none came. */
  public @Nullable JsonNode poll(Duration atMost) {
    try {
      JsonNode notification = notifications.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      requireNoBreach();
      return notification;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the close by the server. */
  public int closeCode() {
    int code = get(closed);
    requireNoBreach();
    return code;
  }

  private void requireNoBreach() {
    AssertionError seen = breach;
    if (seen != null) {
      throw seen;
    }
  }

  /** Closes with a goodbye, which a server that is gone already does not hear. */
  @Override
  public void close() {
    if (socket != null && !socket.isOutputClosed()) {
      socket.sendClose(1000, "");
    }
    requireNoBreach();
  }

  public void end(int code) {
    if (socket != null && !socket.isOutputClosed()) {
      get(socket.sendClose(code, ""));
    }
  }

  /** Cuts the connection. */
  public void crash() {
    java.util.Objects.requireNonNull(socket).abort();
    requireNoBreach();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      receive(MAPPER.readTree(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void receive(JsonNode message) {
    if (message.has("method")) {
      check(() -> CONTRACT.checkNotification(message));
      notifications.add(message);
    } else {
      Asked question = asked.remove(idOf(message));
      if (question == null) {
        throw new AssertionError("an answer to nothing: " + message);
      }
      check(() -> CONTRACT.checkAnswer(question.request(), message));
      question.answer().complete(message);
    }
  }

  /** What could not be read has no id: then it is the first that is not answered. */
  private int idOf(JsonNode answer) {
    JsonNode id = answer.get("id");
    return id.isNull() ? asked.keySet().stream().min(Integer::compare).orElse(0) : id.asInt();
  }

  /** As this client reads what it gets. */
  static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }

  private void check(Runnable contract) {
    try {
      contract.run();
    } catch (AssertionError found) {
      breach = found;
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
    asked.values().forEach(question -> question.answer().completeExceptionally(error));
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("waited for an answer", e);
    }
  }
}
