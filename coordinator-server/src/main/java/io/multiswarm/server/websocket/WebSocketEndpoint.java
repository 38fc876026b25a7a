package io.multiswarm.server.websocket;

import static io.netty.handler.codec.http.HttpHeaderNames.ORIGIN;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;
import static io.netty.handler.codec.http.HttpHeaderNames.WWW_AUTHENTICATE;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;
import static io.netty.handler.codec.http.HttpResponseStatus.UPGRADE_REQUIRED;

import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionFactory;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** {@code /v1/ws}: checks the handshake, then serves the connection. */
public final class WebSocketEndpoint {

  public static final String PATH = "/v1/ws";

  /** The subprotocol, and the name of the wire protocol. */
  public static final String PROTOCOL = "multiswarm.v1";

  private static final int MAX_RECONNECT_MILLIS = 1_000;

  private final SessionFactory sessions;

  /** The statuses of HTTP with which a handshake may be refused. */
  public static final List<Integer> REFUSALS = List.of(400, 401, 403, 426, 429, 503);

  private final RefusedHandshakes refused = new RefusedHandshakes(REFUSALS);
  private final Origins origins;
  private final SocketTimings timings;
  private final Doorkeeper door;
  private final Map<EventLoop, LoopTurns> turns = new ConcurrentHashMap<>();

  /**
   * @param allowedOrigins web origins besides the server's own
   * @param door lets connections in
   * @param openTimeout from the handshake to an opened session
   * @param pingInterval between two pings
   * @param assembly from the beginning of a message to its end
   */
  public WebSocketEndpoint(
      SessionFactory sessions,
      List<String> allowedOrigins,
      Doorkeeper door,
      Duration openTimeout,
      Duration pingInterval,
      Duration assembly) {
    this(sessions, allowedOrigins, door, SocketTimings.of(openTimeout, pingInterval, assembly));
  }

  WebSocketEndpoint(
      SessionFactory sessions,
      List<String> allowedOrigins,
      Doorkeeper door,
      SocketTimings timings) {
    this.sessions = sessions;
    this.origins = new Origins(allowedOrigins);
    this.door = door;
    this.timings = timings;
  }

  /** Who lets connections in. */
  public Doorkeeper door() {
    return door;
  }

  /** How many handshakes were refused with that status, one of {@link #REFUSALS}. */
  public long refused(int status) {
    return refused.of(status);
  }

  /** How many are connected. */
  public int connectionCount() {
    return door.connections().count();
  }

  /** Answers a request for {@link #PATH}. */
  public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    HttpHeaders headers = request.requestHeaders();
    if (!origins.allow(headers.getAll(ORIGIN), request.connectionHostAddress())) {
      refused.ofOrigin(headers.getAll(ORIGIN), door.address(request));
      return refuse(response, FORBIDDEN, "this origin is not in ALLOWED_ORIGINS");
    }
    if (!Handshake.isWanted(request)) {
      response.header(UPGRADE, Handshake.WEBSOCKET);
      response.header(SEC_WEBSOCKET_VERSION, Handshake.VERSION);
      return refuse(response, UPGRADE_REQUIRED, "connect with a WebSocket client (RFC 6455)");
    }
    String fault = Handshake.faultOf(request);
    if (fault != null) {
      return refuse(response, BAD_REQUEST, fault);
    }
    List<String> offered = Handshake.offeredProtocols(headers);
    if (!offered.isEmpty() && !offered.contains(PROTOCOL)) {
      return refuse(response, BAD_REQUEST, "offer the subprotocol " + PROTOCOL + ", or none");
    }
    // Netty takes no list here.
    headers.set(UPGRADE, Handshake.WEBSOCKET);
    return admit(request, response, offered.isEmpty() ? null : PROTOCOL);
  }

  private Publisher<Void> admit(
      HttpServerRequest request, HttpServerResponse response, @Nullable String protocol) {
    return Mono.defer(() -> door.admit(request))
        .flatMap(client -> upgrade(client, request, response, protocol))
        .onErrorResume(HandshakeRefused.class, why -> refuse(response, why));
  }

  private Mono<Void> upgrade(
      Client client,
      HttpServerRequest request,
      HttpServerResponse response,
      @Nullable String protocol) {
    WebsocketServerSpec.Builder spec =
        WebsocketServerSpec.builder()
            .handlePing(true)
            .maxFramePayloadLength(sessions.limits().maxFrameBytes());
    if (protocol != null) {
      // What was offered may fill several lines, of which Netty reads the first only, and a
      // handshake in which it finds none of ours it answers and then never serves.
      request.requestHeaders().set(SEC_WEBSOCKET_PROTOCOL, protocol);
      spec.protocols(protocol);
    }
    return response.sendWebsocket((in, out) -> serve(client, in, out), spec.build());
  }

  private Mono<Void> serve(Client client, WebsocketInbound in, WebsocketOutbound out) {
    SocketPeer[] peer = new SocketPeer[1];
    in.withConnection(
        connection -> {
          Channel channel = connection.channel();
          LoopTurns ofLoop = turns.computeIfAbsent(channel.eventLoop(), LoopTurns::new);
          peer[0] = new SocketPeer(channel, ofLoop, client, sessions, timings);
        });
    return peer[0].serve(in, out);
  }

  /** The connection ends with it, for it may have been counted. */
  private Mono<Void> refuse(HttpServerResponse response, HandshakeRefused why) {
    Duration retryAfter = why.retryAfter();
    if (retryAfter != null) {
      response.header(RETRY_AFTER, String.valueOf(retryAfter.toSeconds() + 1));
    }
    if (why.status().equals(UNAUTHORIZED)) {
      response.header(WWW_AUTHENTICATE, "Bearer");
    }
    return refuse(response.keepAlive(false), why.status(), String.valueOf(why.getMessage()));
  }

  private Mono<Void> refuse(HttpServerResponse response, HttpResponseStatus status, String why) {
    refused.count(status.code());
    return response
        .status(status)
        .header("content-type", "text/plain; charset=utf-8")
        .sendString(Mono.just(why + '\n'))
        .then();
  }

  /**
   * Takes no more connections and closes all with 4001; completes when they are closed. The clients
   * are told to wait for a random time, so that they do not all come to the next node at once.
   */
  public Mono<Void> drain() {
    return Mono.defer(
        () -> {
          Mono<Void> empty = door.connections().close();
          for (Session session : sessions.directory().all()) {
            int wait = ThreadLocalRandom.current().nextInt(MAX_RECONNECT_MILLIS);
            session.peer().close(CloseCode.DRAINING, "draining; reconnect after " + wait + " ms");
          }
          return empty;
        });
  }
}
