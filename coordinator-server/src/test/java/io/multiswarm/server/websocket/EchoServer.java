package io.multiswarm.server.websocket;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.auth.AuthSettings;
import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.auth.Proxies;
import io.multiswarm.server.auth.TestRights;
import io.multiswarm.server.auth.Tokens;
import io.multiswarm.server.http.ApiDocument;
import io.multiswarm.server.http.HttpEndpoint;
import io.multiswarm.server.http.Metrics;
import io.multiswarm.server.http.MetricsGate;
import io.multiswarm.server.http.Readiness;
import io.multiswarm.server.methods.Admissions;
import io.multiswarm.server.methods.SessionMethods;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.session.SessionFactory;
import io.multiswarm.server.watchdog.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The transport with methods that need no Redis. */
final class EchoServer implements AutoCloseable {

  static final int MAX_FRAME = 1 << 20;

  final FakeCustody custody = new FakeCustody();
  final NodeBuffers buffers;
  final SessionDirectory sessions;
  final AtomicInteger flooded = new AtomicInteger();
  final WebSocketEndpoint endpoint;
  private final HttpEndpoint http;

  EchoServer(Duration openTimeout, Duration pingInterval) {
    this(SocketTimings.of(openTimeout, pingInterval, Duration.ofSeconds(30)));
  }

  EchoServer(SocketTimings timings) {
    this(timings, Duration.ofMinutes(1));
  }

  EchoServer(SocketTimings timings, Duration request) {
    this(timings, request, new NodeBuffers(64 << 20));
  }

  /**
   * @param request how long a request, and so a handshake, may take to come
   */
  EchoServer(SocketTimings timings, Duration request, NodeBuffers buffers) {
    this.buffers = buffers;
    this.sessions = new SessionDirectory(buffers);
    // A node has an id before it listens; what makes ids reads a seed, which no event loop should.
    Ids.unique("node");
    SessionMethods.Node node =
        new SessionMethods.Node("1.2.3", timings.pingInterval(), Duration.ofSeconds(10));
    Authentication authentication =
        new Authentication(new Tokens(AuthSettings.NONE), Schedulers.immediate());
    Admissions admissions = new Admissions(authentication, MAX_FRAME);
    Doorkeeper door =
        new Doorkeeper(
            authentication, new Proxies(List.of()), new Doorkeeper.Numbers(20_000, 10_000, 0));
    MethodTable methods =
        MethodTable.of(
            List.<MethodTable.Group>of(
                new SessionMethods(node, admissions, Schedulers.immediate()), this::methods),
            TestRights.rights().everybody("echo", "large", "take", "flood").build(),
            TestRights.NO_TASKS);
    SessionFactory factory =
        new SessionFactory(sessions, Limits.defaults(MAX_FRAME), custody.fleet(methods));
    endpoint = new WebSocketEndpoint(factory, List.of("https://allowed.example"), door, timings);
    http =
        HttpEndpoint.bind(
                new HttpEndpoint.Address("127.0.0.1", 0, request),
                new HttpEndpoint.Content(
                    endpoint,
                    new Readiness().check("always", Mono.empty()),
                    new Metrics().counter("x.messages", "", flooded, AtomicInteger::get),
                    new MetricsGate(authentication, false, any -> true),
                    ApiDocument.of("1.2.3"),
                    new Watchdog(() -> () -> {}),
                    List.of()))
            .block(Duration.ofSeconds(10));
  }

  EchoServer() {
    this(Duration.ofSeconds(10), Duration.ofSeconds(25));
  }

  private void methods(MethodTable.Builder table) {
    table
        .method("echo", call -> Mono.just(call.params().json("value")))
        .method("large", call -> Mono.just(Json.of("x".repeat(100_000))))
        .method("take", EchoServer::take)
        .method("flood", this::flood);
  }

  private static Mono<Json> take(Call call) {
    String id = call.params().string("id");
    return call.session()
        .swarms()
        .take(id, Mono.just(new Ownership(id, 1)), owner -> owner)
        .thenReturn(Json.EMPTY_OBJECT);
  }

  /** Notifications of 1,000 bytes, as many as the connection takes. */
  private Mono<Json> flood(Call call) {
    byte[] notification =
        Answers.notification(
            Notification.STATS_UPDATE, JsonObject.with("x", "x".repeat(1_000)).json());
    call.afterAnswer(
        () -> {
          call.session()
              .addSource(
                  () -> {
                    flooded.incrementAndGet();
                    return notification;
                  });
          call.session().peer().wake();
        });
    return Mono.empty();
  }

  int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.stop().block(Duration.ofSeconds(10));
  }
}
