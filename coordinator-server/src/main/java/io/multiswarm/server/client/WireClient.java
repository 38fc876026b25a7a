package io.multiswarm.server.client;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;
import reactor.netty.FutureMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.concurrent.Queues;

/**
 * One connection with an open session.
 *
 * <p><b>Errors.</b> A refusal is the {@code CoordinationException} that the server answered;
 * everything else is a {@link NotReachedException}.
 *
 * <p><b>Threading.</b> Calls leave in the order in which they are subscribed to, from whatever
 * thread. Answers and notifications come on the connection's thread, which must not be blocked.
 */
public final class WireClient {

  private static final String SUBPROTOCOL = "multiswarm.v1";
  private static final int MAX_UNSENT = 4_096;
  private static final int MAX_UNREAD = 16_384;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration OPEN_PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private static final String WATCH = "multiswarm.silence";

  private final Endpoint endpoint;
  private final Scheduler scheduler;
  private final Connection connection;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, MonoSink<Json>> pending = new ConcurrentHashMap<>();
  private final Sinks.Many<WebSocketFrame> outbound =
      Sinks.many().unicast().onBackpressureBuffer(Queues.<WebSocketFrame>get(MAX_UNSENT).get());
  private final Sinks.Many<Told> told =
      Sinks.many().unicast().onBackpressureBuffer(Queues.<Told>get(MAX_UNREAD).get());
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private final AtomicReference<@Nullable NotReachedException> end = new AtomicReference<>();

  /** What the server takes in one message. */
  private volatile int longest = Welcome.MAX_FRAME;

  private WireClient(Endpoint endpoint, Scheduler scheduler, Connection connection) {
    this.endpoint = endpoint;
    this.scheduler = scheduler;
    this.connection = connection;
  }

  /**
   * Connects and opens a session.
   *
   * @param name of the program, for the server
   * @param scheduler for deadlines
   */
  public static Mono<WireClient> open(Endpoint endpoint, String name, Scheduler scheduler) {
    return Mono.fromCallable(() -> http(endpoint))
        .flatMap(
            http -> Mono.<Connection>from(http.websocket(spec()).uri(endpoint.url()).connect()))
        .timeout(CONNECT_PATIENCE, scheduler)
        .onErrorMap(failure -> notReached(endpoint, failure))
        .map(connection -> new WireClient(endpoint, scheduler, connection).start())
        .flatMap(client -> client.open(name));
  }

  private static WebsocketClientSpec spec() {
    return WebsocketClientSpec.builder()
        .protocols(SUBPROTOCOL)
        .maxFramePayloadLength(Welcome.MAX_FRAME)
        .build();
  }

  private static HttpClient http(Endpoint endpoint) throws SSLException {
    HttpClient http =
        HttpClient.create(ConnectionProvider.newConnection())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_PATIENCE.toMillis());
    if (!endpoint.isSecure()) {
      return http;
    }
    SslContextBuilder trust = SslContextBuilder.forClient();
    if (endpoint.trusted() != null) {
      trust.trustManager(endpoint.trusted().toFile());
    }
    var context = trust.build();
    return http.secure(tls -> tls.sslContext(context));
  }

  private static NotReachedException notReached(Endpoint endpoint, Throwable failure) {
    return new NotReachedException(
        "%s was not reached: %s".formatted(endpoint, reason(failure)), 0, failure);
  }

  private static String reason(Throwable failure) {
    if (failure instanceof java.util.concurrent.TimeoutException) {
      return "no answer within " + CONNECT_PATIENCE.toSeconds() + " s";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private WireClient start() {
    WebsocketInbound in = (WebsocketInbound) connection.inbound();
    WebsocketOutbound out = (WebsocketOutbound) connection.outbound();
    connection.addHandlerFirst(WATCH, watch(Welcome.SILENCE));
    out.sendObject(outbound.asFlux()).then().subscribe(null, this::broken);
    in.receiveCloseStatus().subscribe(this::closed, this::broken);
    in.aggregateFrames(Welcome.MAX_FRAME)
        .receive()
        .asByteArray()
        .subscribe(this::received, this::broken, () -> closed(WebSocketCloseStatus.EMPTY));
    return this;
  }

  private Mono<WireClient> open(String name) {
    Map<String, Json> params = new LinkedHashMap<>();
    params.put("protocol", Json.of(1));
    params.put("client", Json.of(Map.of("name", name)));
    if (endpoint.token() != null) {
      params.put("token", Json.of(endpoint.token()));
    }
    if (endpoint.fleet() != null) {
      params.put("fleet", Json.of(endpoint.fleet()));
    }
    return call("session.open", Json.object(params))
        .doOnNext(this::welcomed)
        .timeout(OPEN_PATIENCE, scheduler)
        .onErrorMap(java.util.concurrent.TimeoutException.class, late -> notReached(endpoint, late))
        .doOnError(refused -> connection.dispose())
        .doOnCancel(connection::dispose)
        .thenReturn(this);
  }

  private void welcomed(Json answer) {
    Welcome welcome = Welcome.read(answer);
    longest = welcome.longest();
    connection.replaceHandler(WATCH, watch(welcome.silence()));
  }

  private static ReadTimeoutHandler watch(Duration silence) {
    return new ReadTimeoutHandler(silence.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Calls a method. What is larger than the server takes is refused here, with {@code
   * PAYLOAD_TOO_LARGE}: it would close the connection, and one of whose calls is repeated for ever.
   *
   * @param params an object
   * @return its result
   */
  public Mono<Json> call(String method, Json params) {
    return Mono.create(
        sink -> {
          long id = ids.incrementAndGet();
          pending.put(id, sink);
          sink.onDispose(() -> pending.remove(id));
          NotReachedException ended = end.get();
          if (ended != null) {
            sink.error(ended);
          } else {
            send(WireMessage.request(id, method, params), sink);
          }
        });
  }

  private synchronized void send(String request, MonoSink<Json> sink) {
    int bytes = ByteBufUtil.utf8Bytes(request);
    if (bytes > longest) {
      sink.error(
          new CoordinationException(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "the message has %d bytes, and %s takes %d".formatted(bytes, endpoint, longest)));
      return;
    }
    Sinks.EmitResult result = outbound.tryEmitNext(new TextWebSocketFrame(request));
    // Emitted under this lock alone: it is full, or the connection has ended.
    if (result.isFailure()) {
      sink.error(
          new NotReachedException("%s takes no more (%s)".formatted(endpoint, result), 0, null));
    }
  }

  /**
   * What the server says without being asked, in its order; to be subscribed to once. Ends with a
   * {@link NotReachedException} when the connection does, or when {@value #MAX_UNREAD} wait.
   */
  public Flux<Told> told() {
    return told.asFlux();
  }

  private void received(byte[] text) {
    WireMessage message = WireMessage.read(text);
    if (message.isNotification()) {
      // On the connection's thread alone: nobody listens any more, or nobody reads.
      if (told.tryEmitNext(message.told()) == Sinks.EmitResult.FAIL_OVERFLOW) {
        ended("nobody reads what %s says".formatted(endpoint), 0, null);
      }
      return;
    }
    MonoSink<Json> sink = pending.remove(message.id());
    if (sink != null && message.isRefusal()) {
      sink.error(message.refusal());
    } else if (sink != null) {
      sink.success(message.result());
    }
  }

  private void closed(WebSocketCloseStatus status) {
    String reason = status.reasonText() == null ? "" : " " + status.reasonText();
    ended(
        "%s closed the connection: %d%s".formatted(endpoint, status.code(), reason.stripTrailing()),
        status.code(),
        null);
  }

  private void broken(Throwable failure) {
    ended("the connection to %s broke: %s".formatted(endpoint, reason(failure)), 0, failure);
  }

  /** The first reason counts. */
  private void ended(String message, int code, @Nullable Throwable cause) {
    NotReachedException reason = new NotReachedException(message, code, cause);
    if (!end.compareAndSet(null, reason)) {
      return;
    }
    List.copyOf(pending.values()).forEach(sink -> sink.error(reason));
    synchronized (this) {
      outbound.tryEmitComplete();
    }
    told.tryEmitError(reason);
    closed.tryEmitError(reason);
    connection.dispose();
  }

  /** Never emits and never completes; fails with the reason when the connection ends. */
  public Mono<Void> closed() {
    return closed.asMono();
  }

  /** Says goodbye, which interrupts what the session holds, and waits for the connection's end. */
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          synchronized (this) {
            outbound.tryEmitComplete();
          }
          return FutureMono.deferFuture(this::goodbye)
              .then(connection.onDispose())
              .timeout(CLOSE_PATIENCE, Mono.fromRunnable(connection::dispose), scheduler)
              .onErrorComplete();
        });
  }

  /** Breaks the connection without a word, as the death of a process does. */
  public void abandon() {
    // What becomes of the connection, its end tells.
    ChannelFuture unused = connection.channel().close();
  }

  /** Written to the channel itself, which releases the frame whatever becomes of the connection. */
  private ChannelFuture goodbye() {
    return connection
        .channel()
        .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
  }
}
