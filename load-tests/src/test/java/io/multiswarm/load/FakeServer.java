package io.multiswarm.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of a server as the harness's own tests need: channels in memory, and mischief when a test
 * wants it.
 */
public final class FakeServer implements AutoCloseable {

  /** What happens to a delivery. */
  public enum DeliveryOutcome {
    ARRIVES,
    VANISHES,
    ARRIVES_TWICE,
    ARRIVES_AFTER_THE_NEXT,
    IS_ANNOUNCED_AS_MISSING
  }

  /** Decides about each delivery. */
  public interface DeliveryRule {
    DeliveryOutcome of(String channel, long offset);
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DeliveryRule mischief;
  private final FakeTasks tasks;
  private final DisposableServer server;
  private final Map<String, List<Session>> subscribers = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final Map<String, Integer> fleets = new HashMap<>();
  private final AtomicInteger registered = new AtomicInteger();
  private final AtomicInteger deregistered = new AtomicInteger();

  public FakeServer(DeliveryRule mischief) {
    this(mischief, new FakeTasks(task -> false));
  }

  FakeServer(DeliveryRule mischief, FakeTasks tasks) {
    JSON.readTree("{}"); // the lock of the first look-up is taken here, and not on an event loop
    this.mischief = mischief;
    this.tasks = tasks;
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                routes ->
                    routes.ws(
                        "/v1/ws",
                        this::serve,
                        WebsocketServerSpec.builder().protocols("multiswarm.v1").build()))
            .bindNow();
  }

  public static FakeServer honest() {
    return new FakeServer(FakeServer::arrives);
  }

  static DeliveryOutcome arrives(String channel, long offset) {
    return DeliveryOutcome.ARRIVES;
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/v1/ws");
  }

  /** How many sessions named which fleet. */
  synchronized Map<String, Integer> fleets() {
    return Map.copyOf(fleets);
  }

  public int registered() {
    return registered.get();
  }

  public int deregistered() {
    return deregistered.get();
  }

  private Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
    var session = new Session();
    Mono<Void> sent = out.sendString(session.frames.asFlux()).then();
    Mono<Void> received =
        in.receive().asString().doOnNext(text -> answer(session, JSON.readTree(text))).then();
    return sent.and(received);
  }

  private static final class Session {

    private final Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> late = new ArrayList<>();

    void write(Object frame) {
      frames.tryEmitNext(JSON.writeValueAsString(frame)).orThrow();
    }

    void writeThenWhatIsLate(Object frame) {
      write(frame);
      late.forEach(text -> frames.tryEmitNext(text).orThrow());
      late.clear();
    }
  }

  private synchronized void answer(Session session, JsonNode request) {
    JsonNode params = request.path("params");
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", request.path("id").asLong());
    switch (request.path("method").asString()) {
      case "session.open" -> {
        fleets.merge(params.path("fleet").asString(""), 1, Integer::sum);
        answer.put("result", Map.of("protocol", 1));
      }
      case "swarm.create" ->
          answer.put("result", Map.of("key", "k" + registered.incrementAndGet()));
      case "swarm.deregister" ->
          answer.put("result", Map.of("archived", deregistered.incrementAndGet() > 0));
      case "channel.subscribe" ->
          answer.put("result", subscribe(session, params.path("channel").asString()));
      case "message.send" ->
          answer.put("result", publish("swarm:" + params.path("to").asString(), params));
      case "message.broadcast" -> answer.put("result", publish("swarm:global", params));
      case "task.submit" -> answer.put("result", tasks.submit(params));
      case "task.request" -> answer.put("result", tasks.request(params, session::write));
      case "task.complete" -> answer.put("result", Map.of());
      default -> answer.put("error", error());
    }
    session.write(answer);
    tasks.distribute();
  }

  private Map<String, Object> subscribe(Session session, String channel) {
    subscribers.computeIfAbsent(channel, any -> new ArrayList<>()).add(session);
    return Map.of(
        "channel",
        channel,
        "epoch",
        "e1",
        "offset",
        offsets.getOrDefault(channel, 0L),
        "recovered",
        true);
  }

  private Map<String, Object> publish(String channel, JsonNode params) {
    long offset = offsets.merge(channel, 1L, Long::sum);
    subscribers
        .getOrDefault(channel, List.of())
        .forEach(session -> deliver(session, channel, offset, params));
    return Map.of("id", "m" + offset, "epoch", "e1", "offset", offset);
  }

  private void deliver(Session session, String channel, long offset, JsonNode params) {
    Map<String, Object> message =
        notification(
            "channel.message",
            channel,
            Map.of(
                "offset",
                offset,
                "message",
                Map.of("payload", Map.of("type", "load", "data", params.path("data")))));
    switch (mischief.of(channel, offset)) {
      case ARRIVES -> session.writeThenWhatIsLate(message);
      case VANISHES -> {}
      case ARRIVES_TWICE -> {
        session.write(message);
        session.write(message);
      }
      case ARRIVES_AFTER_THE_NEXT -> session.late.add(JSON.writeValueAsString(message));
      case IS_ANNOUNCED_AS_MISSING ->
          session.write(
              notification(
                  "channel.gap",
                  channel,
                  Map.of("from", offset, "to", offset, "reason", "trimmed")));
    }
  }

  private static Map<String, Object> notification(
      String method, String channel, Map<String, Object> rest) {
    Map<String, Object> params = new LinkedHashMap<>(rest);
    params.put("channel", channel);
    params.put("epoch", "e1");
    return Map.of("jsonrpc", "2.0", "method", method, "params", params);
  }

  private static Map<String, Object> error() {
    return Map.of(
        "code",
        -32601,
        "message",
        "There is no such method",
        "data",
        Map.of("name", "METHOD_NOT_FOUND", "retryable", false));
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
