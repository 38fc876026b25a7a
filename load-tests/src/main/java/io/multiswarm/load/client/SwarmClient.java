package io.multiswarm.load.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.load.history.History;
import io.multiswarm.load.judge.ChannelPosition;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.util.concurrent.Queues;
import tools.jackson.databind.JsonNode;

/**
 * One connection that speaks {@code multiswarm.v1}.
 *
 * <p>Requests are answered in any order; each goes by its id. Frames leave through one publisher,
 * so that those which are ready together leave in one flush. Everything happens on the connection's
 * event loop.
 */
public final class SwarmClient {

  private static final String SUBPROTOCOL = "multiswarm.v1";
  private static final int MAX_FRAME = 4 << 20;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final int FRAME_GUESS = 512;
  private static final int MAX_UNSENT = 8192;
  private static final JsonFrames JSON = new JsonFrames();

  private final Connection connection;
  private final Recording recording;

  /** A channel that has closed does not know it any more. */
  private final EventLoop loop;

  private final Scheduler scheduler;
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final FrameQueue outbound;
  private final Sinks.Many<ServerNotification> notifications =
      Sinks.unsafe()
          .many()
          .unicast()
          .onBackpressureBuffer(Queues.<ServerNotification>get(MAX_UNSENT).get());
  private final Sinks.Empty<Void> closed = Sinks.empty();

  private SwarmClient(Connection connection, Recording recording) {
    this.connection = connection;
    this.recording = recording;
    this.loop = connection.channel().eventLoop();
    this.scheduler = Schedulers.fromExecutorService(loop);
    this.outbound = new FrameQueue(loop, MAX_UNSENT);
  }

  static Mono<SwarmClient> connect(HttpClient http, History history, URI url) {
    var spec =
        WebsocketClientSpec.builder()
            .protocols(SUBPROTOCOL)
            .maxFramePayloadLength(MAX_FRAME)
            .build();
    return http.websocket(spec)
        .uri(url)
        .connect()
        .map(connection -> new SwarmClient(connection, new Recording(history)).start());
  }

  private SwarmClient start() {
    var in = (WebsocketInbound) connection.inbound();
    var out = (WebsocketOutbound) connection.outbound();
    out.sendObject(outbound.frames()).then().subscribe(null, this::ended);
    in.receiveCloseStatus().subscribe(status -> ended(Disconnected.with(status)), this::ended);
    in.aggregateFrames(MAX_FRAME)
        .receiveFrames()
        .subscribe(
            this::received,
            this::ended,
            () -> ended(Disconnected.with(WebSocketCloseStatus.EMPTY)));
    return this;
  }

  /** Opens the session. Answers what the server says about itself and its limits. */
  public Mono<JsonNode> open() {
    return request(
        "session.open",
        Map.of("protocol", 1, "client", Map.of("name", "load-tests", "version", "1")));
  }

  /**
   * Calls {@code method}. Fails with {@link Fault} when it is refused, {@link Disconnected} when no
   * answer can come.
   */
  public Mono<JsonNode> request(String method, Object params) {
    return Mono.create(
        sink -> {
          long id = await(new Pending.ForTree(method, sink));
          if (recording.isKept()) {
            recording.began(id, method, JSON.text(params), now());
          }
          byte[] request = JSON.request(id, method, params);
          outbound.write(frame(request.length).writeBytes(request), sink);
        });
  }

  /**
   * Calls {@code method} and reads of the answer the place that it names. Cheaper than {@link
   * #request}.
   */
  Mono<ChannelPosition> place(String method, Consumer<ByteBuf> params) {
    return Mono.create(sink -> call(new Pending.ForPosition(method, sink), params));
  }

  /**
   * Calls {@code method}; of the answer it only matters that there is one. Cheaper than {@link
   * #request}.
   */
  Mono<Void> tell(String method, Consumer<ByteBuf> params) {
    return Mono.create(sink -> call(new Pending.ForNothing(method, sink), params));
  }

  private void call(Pending request, Consumer<ByteBuf> params) {
    ByteBuf frame = frame(FRAME_GUESS);
    StampedData.ascii("{\"jsonrpc\":\"2.0\",\"id\":", frame);
    long id = await(request);
    StampedData.ascii(Long.toString(id), frame);
    StampedData.ascii(",\"method\":\"", frame);
    StampedData.ascii(request.method(), frame);
    StampedData.ascii("\",\"params\":", frame);
    int start = frame.writerIndex();
    params.accept(frame);
    if (recording.isKept()) {
      String args = frame.toString(start, frame.writerIndex() - start, UTF_8);
      recording.began(id, request.method(), args, now());
    }
    frame.writeByte('}');
    outbound.write(frame, request.sink());
  }

  private ByteBuf frame(int bytes) {
    return connection.channel().alloc().buffer(bytes);
  }

  private long await(Pending request) {
    long id = ids.incrementAndGet();
    pending.put(id, request);
    return id;
  }

  /**
   * What the server says without being asked, in its order. Subscribe once and before subscribing
   * to channels; it ends with {@link Disconnected} when the connection does.
   */
  public Flux<ServerNotification> notifications() {
    return notifications.asFlux();
  }

  private void received(WebSocketFrame frame) {
    if (!(frame instanceof TextWebSocketFrame)) {
      return;
    }
    FrameScan scan = FrameScan.ofThisThread();
    scan.scan(frame.content());
    if (scan.method() != null) {
      notified(scan.method(), scan);
    } else {
      answered(scan);
    }
  }

  private void answered(FrameScan scan) {
    Pending request = pending.remove(scan.id());
    if (request == null) {
      ended(new Fault("an unknown request", 0, "UNEXPECTED", JSON.tree(scan).toString()));
    } else if (scan.failed()) {
      Fault fault = JSON.fault(request.method(), scan);
      recording.refused(scan.id(), fault, now());
      request.sink().error(fault);
    } else {
      recording.answered(scan, now());
      request.succeeded(scan, () -> JSON.tree(scan));
    }
  }

  private void notified(String method, FrameScan scan) {
    recording.told(method, scan, now());
    switch (method) {
      case "channel.message" -> emit(scan.delivery());
      case "task.assigned" -> emit(scan.assignment());
      case "channel.gap" -> emit(JSON.gap(scan));
      default -> emit(JSON.event(method, scan));
    }
  }

  /**
   * Emitted on the event loop alone; it fails only when the reader has gone, or stalls and must not
   * fill the memory.
   */
  private void emit(ServerNotification notification) {
    Sinks.EmitResult result = notifications.tryEmitNext(notification);
    if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
      ended(new IllegalStateException("Nobody reads the notifications of this connection"));
    }
  }

  /** The first reason counts; later ones find everything ended. */
  private void ended(Throwable cause) {
    Throwable reason = cause instanceof IOException io ? Disconnected.broken(io) : cause;
    var waiting = new ArrayList<>(pending.values());
    pending.clear();
    recording.ended(now());
    waiting.forEach(request -> request.sink().error(reason));
    notifications.tryEmitError(reason);
    outbound.complete();
    closed.tryEmitError(reason);
    if (!(reason instanceof Disconnected)) {
      connection.dispose();
    }
  }

  /**
   * Reads nothing from the socket any more, so that what the server sends piles up on its side;
   * what has been read still comes.
   */
  public void hush() {
    connection.channel().config().setAutoRead(false);
  }

  /** Reads on after {@link #hush}. */
  public void listen() {
    connection.channel().config().setAutoRead(true);
  }

  private long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  /** Never emits a value; fails with the reason when the connection ends. */
  public Mono<Void> closed() {
    return closed.asMono();
  }

  /** Says goodbye with a close frame and waits for the end of the connection. */
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          outbound.complete();
          return ((WebsocketOutbound) connection.outbound())
              .sendClose(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "")
              .then(connection.onDispose())
              .timeout(CLOSE_PATIENCE, scheduler);
        });
  }

  /**
   * Ends the connection as the death of this process would: without a word, and without reading
   * what has arrived. What waits for answers fails; nothing is heard any more.
   */
  public void cut() {
    loop.execute(this::cutHere);
  }

  private void cutHere() {
    Channel channel = connection.channel();
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // Not disposed, which would say goodbye. Whether it succeeds is told by closed().
      var unused = channel.close();
    }
  }

  /**
   * The event loop, as a scheduler: what is scheduled on it needs no other thread to reach the
   * socket.
   */
  public Scheduler scheduler() {
    return scheduler;
  }
}
