package io.multiswarm.server.http;

import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.WatchedFiles;
import io.multiswarm.server.tls.TlsMaterial;
import io.multiswarm.server.watchdog.Watchdog;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.ReactorNetty;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** The listening socket and the event loops behind it. */
public final class HttpEndpoint {

  /** Until a WebSocket is one, which gets a window by what the node has for all. */
  private static final WriteBufferWaterMark BUDGET = new WriteBufferWaterMark(512 << 10, 1 << 20);

  /** How many frames Reactor Netty takes before it waits for the first to be written. */
  private static final String PREFETCH = "reactor.netty.send.maxPrefetchSize";

  static {
    // Read once, when Reactor Netty first sends. Our budget counts bytes, and the default of 128
    // frames would only add to what lies behind it.
    if (System.getProperty(PREFETCH) == null) {
      System.setProperty(PREFETCH, "64");
    }
  }

  /**
   * A core is left to the thread that talks to Redis, through which every message passes; more
   * threads than cores would only take turns.
   */
  private static final int LOOPS =
      Integer.getInteger(
          ReactorNetty.IO_WORKER_COUNT,
          Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  /** What one read takes may have to wait, on every connection that is paused. */
  private static final AdaptiveRecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(512, 2 << 10, 16 << 10);

  private static final int BACKLOG = 1_024;
  private static final int MAX_REQUEST_LINE = 4 << 10;
  private static final Duration QUIET = Duration.ZERO;
  private static final Duration LOOPS_PATIENCE = Duration.ofSeconds(2);

  private final DisposableServer server;
  private final LoopResources loops;
  private final Metrics metrics;
  private final Disposable watching;

  private HttpEndpoint(DisposableServer server, LoopResources loops, Content content) {
    this.server = server;
    this.loops = loops;
    this.metrics = content.metrics();
    this.watching = watched(loops, content.watchdog());
  }

  /**
   * Where to listen.
   *
   * @param port 0 for any free one
   * @param handshake patience with a connection until its next request is there, or the answer gone
   * @param maxHeaderBytes of a request
   * @param tls null to speak without
   */
  public record Address(
      String host,
      int port,
      Duration handshake,
      int maxHeaderBytes,
      @Nullable WatchedFiles<TlsMaterial> tls) {

    public static final int DEFAULT_HEADER_BYTES = 16 << 10;

    /** Without TLS. */
    public Address(String host, int port, Duration handshake) {
      this(host, port, handshake, DEFAULT_HEADER_BYTES, null);
    }
  }

  /** Answers all requests for its paths, whatever their method. */
  public interface Route {

    /** The paths, exactly. */
    Set<String> paths();

    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response);
  }

  /**
   * What is served there.
   *
   * @param watchdog is given the event loops to watch, and tells {@code /healthz} of them
   * @param routes what others serve, which this package knows nothing of
   */
  public record Content(
      WebSocketEndpoint webSocket,
      Readiness readiness,
      Metrics metrics,
      MetricsGate gate,
      ApiDocument document,
      Watchdog watchdog,
      List<Route> routes) {

    public Content {
      routes = List.copyOf(routes);
    }
  }

  /** Listens; fails when the address is in use or not ours. */
  public static Mono<HttpEndpoint> bind(Address address, Content content) {
    LoopResources loops = LoopResources.create("multiswarm-http", LOOPS, true);
    return server(address, loops)
        .handle(new Routes(content))
        .bind()
        .<HttpEndpoint>map(server -> new HttpEndpoint(server, loops, content))
        .doOnError(failed -> loops.dispose());
  }

  private static Disposable watched(LoopResources loops, Watchdog watchdog) {
    int number = 0;
    for (EventExecutor loop : loops.onServer(true)) {
      watchdog.watch("event-loop-" + ++number, loop);
    }
    for (EventExecutor loop : loops.onServerSelect(true)) {
      watchdog.watch("acceptor", loop);
    }
    Scheduler questions = Schedulers.newSingle("multiswarm-watchdog", true);
    return Disposables.composite(watchdog.start(questions), questions);
  }

  private static HttpServer server(Address address, LoopResources loops) {
    HttpServer server =
        HttpServer.create()
            .host(address.host())
            .port(address.port())
            .runOn(loops)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUDGET)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, READS)
            .compress(false)
            .idleTimeout(address.handshake())
            .httpRequestDecoder(
                limits ->
                    limits
                        .maxInitialLineLength(MAX_REQUEST_LINE)
                        .maxHeaderSize(address.maxHeaderBytes()))
            .doOnChannelInit(
                (observer, channel, remote) -> {
                  RequestDeadline.set(channel, address.handshake());
                  if (address.tls() != null) {
                    PlainTextRefusal.set(channel);
                  }
                });
    return address.tls() == null ? server : secured(server, address.tls());
  }

  private static HttpServer secured(HttpServer server, WatchedFiles<TlsMaterial> tls) {
    try {
      ReloadableSslContext context = new ReloadableSslContext(tls.value());
      tls.onChange(context::reload);
      return server.secure(spec -> spec.sslContext(context));
    } catch (SSLException e) {
      throw new FileException(
          "TLS_CERT_FILE: the certificate is of no use to TLS: " + e.getMessage());
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Closes the listening socket and all connections. */
  public Mono<Void> stop() {
    Mono<Void> silenced = onItsOwnThread(metrics::close);
    return onItsOwnThread(watching::dispose)
        .then(Mono.fromRunnable(server::dispose))
        .then(loops.disposeLater(QUIET, LOOPS_PATIENCE))
        .onErrorResume(error -> silenced.then(Mono.error(error)))
        .then(silenced);
  }

  /**
   * To end threads takes locks, for which no thread of Netty's may wait, and the pool that a
   * process shares may be held up by others.
   */
  private static Mono<Void> onItsOwnThread(Runnable end) {
    return Mono.create(
        sink -> {
          Thread ending =
              new Thread(
                  () -> {
                    end.run();
                    sink.success();
                  },
                  "multiswarm-http-end");
          ending.setDaemon(true);
          ending.start();
        });
  }
}
