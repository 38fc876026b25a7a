package io.multiswarm.server;

import io.multiswarm.ConnectOptions;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.server.config.RedisTarget;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.embedded.EmbeddedRedis;
import io.multiswarm.server.embedded.ProgramChoice;
import io.multiswarm.server.tracing.TraceExport;
import io.multiswarm.server.tracing.TraceSettings;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Starts the parts of the process one after the other, and registers each for its stop before. */
final class Startup {

  /** What a stop may take in all; service managers kill after 30 s or less. */
  static final Duration STOP_PATIENCE = Duration.ofSeconds(16);

  /** redis-server is killed after three seconds. */
  static final Duration REDIS_PATIENCE = Duration.ofSeconds(4);

  /** What a stop of the library may take: a hand-over and the detachment of its swarms. */
  static final Duration LIBRARY_PATIENCE = Duration.ofSeconds(3);

  /** What is lost beyond is told by nobody, and missed by few. */
  static final Duration TRACES_PATIENCE = Duration.ofSeconds(1);

  /** See {@link CoordinatorServer.Running#stop}. */
  static final Duration SERVER_PATIENCE = Duration.ofSeconds(8);

  /** How long a start waits for Redis before it goes on without: it comes, or /readyz tells. */
  private static final Duration REDIS_IS_AWAY = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Startup.class);

  private final ServerConfig config;
  private final Parts parts;
  private final Scheduler scheduler;
  private final AtomicReference<CoordinatorServer.@Nullable Running> server =
      new AtomicReference<>();
  private final Sinks.One<Void> refused = Sinks.one();

  Startup(ServerConfig config, Parts parts, Scheduler scheduler) {
    this.config = config;
    this.parts = parts;
    this.scheduler = scheduler;
  }

  /**
   * Starts everything.
   *
   * @return what to tell when it is done: where the server listens and which Redis it uses
   */
  Mono<String> start() {
    return redis().flatMap(this::serve);
  }

  /**
   * Never completes, and fails when Redis refuses us for good after the start: it was away then,
   * and now does not take our password.
   */
  Mono<Void> refused() {
    return refused.asMono();
  }

  /** Where the server listens, once it is started. */
  int port() {
    CoordinatorServer.Running running = server.get();
    if (running == null) {
      throw new IllegalStateException("the server is not started");
    }
    return running.port();
  }

  private Mono<String> serve(Redis redis) {
    ConnectOptions options =
        observed(
            ConnectOptions.of(redis.url())
                .withRedisAccess(redis.access())
                .withPolicies(config.policies()));
    List<FleetNode> nodes = config.fleets().stream().map(fleet -> node(fleet, options)).toList();
    parts.add("coordination", LIBRARY_PATIENCE, () -> each(nodes, of -> of.shutdown()));
    parts.add("endpoint", SERVER_PATIENCE, this::stopServer);
    return CoordinatorServer.start(config, nodes, scheduler)
        .onErrorMap(this::explained)
        .doOnNext(server::set)
        .delayUntil(running -> initialize(nodes))
        .map(
            running ->
                "listening on %s (redis %s%s)"
                    .formatted(url(running.port()), redis.name(), fleets()));
  }

  private FleetNode node(String fleet, ConnectOptions options) {
    MultiSwarmCoordination made =
        MultiSwarmCoordination.create(
            options.withCoordination(config.coordination().withFleet(fleet)));
    if (config.fleets().size() > 1) {
      log.info("This is node {} of fleet {}", made.nodeId(), fleet);
    }
    return new FleetNode(fleet, made);
  }

  private String fleets() {
    return config.fleets().size() == 1 ? "" : "; fleets " + String.join(", ", config.fleets());
  }

  private static Mono<Void> each(
      List<FleetNode> nodes, Function<MultiSwarmCoordination, Mono<Void>> act) {
    return Mono.whenDelayError(nodes.stream().map(node -> act.apply(node.coordination())).toList());
  }

  private ConnectOptions observed(ConnectOptions options) {
    TraceSettings traces = config.reporting().traces();
    if (traces == null) {
      return options;
    }
    TraceExport export = new TraceExport(traces, CoordinatorServer.version());
    parts.add("export of traces", TRACES_PATIENCE, export::stop);
    return options.withObservationRegistry(export.registry());
  }

  /** How the Redis of a configuration that names one is reached, for one of its fleets. */
  static ConnectOptions options(ServerConfig config, String fleet) {
    if (!(config.redis() instanceof RedisTarget.External external)) {
      throw new IllegalArgumentException("the configuration names no Redis");
    }
    return ConnectOptions.of(external.url())
        .withRedisAccess(external.access().toAccess())
        .withCoordination(config.coordination().withFleet(fleet))
        .withPolicies(config.policies());
  }

  private Throwable explained(Throwable failure) {
    if (!(failure.getCause() instanceof IOException reason)) {
      return failure;
    }
    ServerConfig.Listening listening = config.listening();
    return new StartException(
        "cannot listen on %s port %d (%s): give another --port or --host"
            .formatted(listening.host(), listening.port(), reason.getMessage()),
        failure);
  }

  private Mono<Void> stopServer() {
    CoordinatorServer.Running running = server.get();
    return running == null ? Mono.empty() : running.stop();
  }

  /** Fails when Redis refuses us within the time that is waited for it. */
  private Mono<Void> initialize(List<FleetNode> nodes) {
    Mono<Void> initialized =
        Mono.when(nodes.stream().map(node -> node.coordination().initialize()).toList()).cache();
    return initialized.timeout(
        REDIS_IS_AWAY, Mono.fromRunnable(() -> goOnWithout(nodes, initialized)), scheduler);
  }

  private void goOnWithout(List<FleetNode> nodes, Mono<Void> initialized) {
    log.warn("This node is not ready, and goes on trying: {}", obstacles(nodes));
    // Emitted once and by nobody else, so no other result than OK is possible.
    initialized.subscribe(
        null, refused::tryEmitError, () -> log.info("Redis is there: this node is ready"));
  }

  private static String obstacles(List<FleetNode> nodes) {
    return nodes.stream()
        .filter(node -> node.coordination().obstacle().isPresent())
        .findFirst()
        .map(
            node -> {
              String why = node.coordination().obstacle().orElse("it starts");
              return nodes.size() == 1 ? why : node.named(why);
            })
        .orElse("it starts");
  }

  private String url(int port) {
    String host = config.listening().host();
    String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return (config.security().tls() == null ? "ws://" : "wss://")
        + literal
        + ":"
        + port
        + WebSocketEndpoint.PATH;
  }

  private Mono<Redis> redis() {
    if (config.redis() instanceof RedisTarget.Embedded embedded) {
      return Mono.defer(() -> startEmbedded(embedded));
    }
    RedisTarget.External external = (RedisTarget.External) config.redis();
    return Mono.just(new Redis(external.url(), external.access().toAccess(), external.toString()));
  }

  private Mono<Redis> startEmbedded(RedisTarget.Embedded target) {
    EmbeddedRedis redis =
        EmbeddedRedis.in(
            target.dataDir(),
            target.maxMemory(),
            new ProgramChoice(target.program(), target.searched()));
    parts.add("embedded Redis", REDIS_PATIENCE, () -> Mono.fromFuture(redis::stop));
    String name = "127.0.0.1:%d, data %s".formatted(redis.port(), target.dataDir());
    return Mono.fromFuture(redis::start)
        .then(
            Mono.fromSupplier(
                () ->
                    new Redis(redis.url(), RedisAccess.defaults(), name + ", " + redis.program())));
  }

  /**
   * A Redis that can be used.
   *
   * @param url its address, with credentials
   * @param access what goes before its credentials
   * @param name what may be told of it
   */
  private record Redis(String url, RedisAccess access, String name) {}
}
