package io.multiswarm.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.multiswarm.CoordinationMetrics;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.http.ApiDocument;
import io.multiswarm.server.http.CallMetrics;
import io.multiswarm.server.http.HttpEndpoint;
import io.multiswarm.server.http.Metrics;
import io.multiswarm.server.mcp.McpEndpoint;
import io.multiswarm.server.methods.SessionMethods;
import io.multiswarm.server.session.Fleets;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.Method;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.session.SessionFactory;
import io.multiswarm.server.session.SubscriptionQuota;
import io.multiswarm.server.watchdog.Watchdog;
import io.multiswarm.server.websocket.Doorkeeper;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A node of each of its fleets for clients on WebSockets: the library behind the wire protocol.
 * Listens as soon as it is started, whether or not Redis is there; {@code /readyz} tells.
 *
 * <p>A fleet has a node of the library, methods and swarms of its own. All else is the process's:
 * the port, tokens, limits, and what connections may hold of its memory.
 */
public final class CoordinatorServer {

  private static final Duration RESIGN_PATIENCE = Duration.ofSeconds(1);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(4);
  private static final Duration DETACH_PATIENCE = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final SessionDirectory sessions;
  private final List<ServedFleet> fleets;
  private final Fleets byName;
  private final WebSocketEndpoint webSocket;
  private final McpEndpoint mcp;
  private final Security security;
  private final Metrics metrics = new Metrics();
  private final Disposable listeners;
  private volatile boolean draining;

  private CoordinatorServer(ServerConfig config, List<FleetNode> nodes, Scheduler scheduler) {
    this.scheduler = scheduler;
    this.sessions =
        new SessionDirectory(
            new NodeBuffers(config.sessions().nodeBufferBytes()),
            new SubscriptionQuota(config.limits().subscriptionsPerPrincipal()));
    this.security = new Security(config, scheduler);
    SessionMethods session = new SessionMethods(told(config), security.admissions(), scheduler);
    CallMetrics meter = new CallMetrics(metrics);
    this.fleets =
        nodes.stream().map(node -> new ServedFleet(node, session, meter, scheduler)).toList();
    this.byName = new Fleets(fleets.stream().map(ServedFleet::fleet).toList());
    this.listeners = listeners();
    SessionFactory factory = new SessionFactory(sessions, limits(config), byName);
    Doorkeeper door = security.door();
    this.mcp = security.mcp(version()).endpoint(factory, door, scheduler);
    this.webSocket =
        new WebSocketEndpoint(
            factory,
            config.listening().allowedOrigins(),
            door,
            config.sessions().openTimeout(),
            config.sessions().pingInterval(),
            config.sessions().assemblyTimeout());
  }

  private static SessionMethods.Node told(ServerConfig config) {
    return new SessionMethods.Node(
        version(),
        config.sessions().pingInterval(),
        config.coordination().liveness().sessionGrace());
  }

  private Disposable listeners() {
    Disposable.Composite all = Disposables.composite(security.watch(sessions, scheduler));
    fleets.forEach(fleet -> all.add(fleet.listen(version(), sessions)));
    return all;
  }

  /** A server that listens. */
  public static final class Running {

    private final CoordinatorServer server;
    private final HttpEndpoint http;

    private Running(CoordinatorServer server, HttpEndpoint http) {
      this.server = server;
      this.http = http;
    }

    /** The port that it listens on. */
    public int port() {
      return http.port();
    }

    /** What can be called. */
    Collection<Method> methods() {
      return table().all();
    }

    MethodTable table() {
      return server.byName.first().methods();
    }

    /**
     * Is not ready any more, hands leadership over, tells all clients to go elsewhere (4001), lets
     * go of their swarms with their grace, and closes; within 8 s, whatever clients and Redis do.
     * To be called before the library is shut down.
     */
    public Mono<Void> stop() {
      return server.drain().then(http.stop());
    }
  }

  /**
   * Begins to listen, for a single fleet.
   *
   * @param scheduler for intervals and deadlines
   */
  public static Mono<Running> start(
      ServerConfig config, MultiSwarmCoordination coordination, Scheduler scheduler) {
    return start(
        config, List.of(new FleetNode(config.coordination().fleet(), coordination)), scheduler);
  }

  /**
   * Begins to listen.
   *
   * @param nodes one a fleet; sessions that name none are in the first one's
   */
  static Mono<Running> start(ServerConfig config, List<FleetNode> nodes, Scheduler scheduler) {
    return Mono.defer(() -> new CoordinatorServer(config, nodes, scheduler).listen(config));
  }

  private Mono<Running> listen(ServerConfig config) {
    HttpEndpoint.Address address =
        new HttpEndpoint.Address(
            config.listening().host(),
            config.listening().port(),
            config.sessions().openTimeout(),
            config.limits().headerBytes(),
            security.tls());
    return HttpEndpoint.bind(
            address,
            new HttpEndpoint.Content(
                webSocket,
                new NodeReadiness(fleets.stream().map(ServedFleet::node).toList())
                    .of(config.policies().onEviction(), () -> draining),
                metrics(),
                security.metricsGate(byName::areAllFor),
                ApiDocument.of(version()),
                watchdog(),
                List.of(mcp)))
        .map(http -> new Running(this, http))
        .doOnError(failed -> listeners.dispose());
  }

  private Limits limits(ServerConfig config) {
    return Limits.defaults(config.coordination().maxMessageSize())
        .withRates(
            new Limits.Rates(config.limits().messages(), config.limits().bytes(), scheduler));
  }

  /**
   * The threads of intervals are watched as well; those of connections are added by the endpoint.
   */
  private Watchdog watchdog() {
    Watchdog watchdog = new Watchdog(DoorMetrics.stopwatch(metrics));
    watchdog.watch("scheduler", scheduler::schedule);
    return watchdog;
  }

  private Metrics metrics() {
    DoorMetrics.addTo(metrics, webSocket, sessions);
    for (ServedFleet fleet : fleets) {
      MeterRegistry registry =
          byName.areSeveral()
              ? metrics.labelled(new Metrics.Label("fleet", fleet.node().fleet()))
              : metrics.registry();
      CoordinationMetrics ofTheLibrary = CoordinationMetrics.of(fleet.coordination(), registry);
      metrics.refreshedBy(Mono.defer(ofTheLibrary::refresh));
    }
    return metrics;
  }

  private Mono<Void> drain() {
    return Mono.fromRunnable(() -> draining = true)
        // First, for others wait for it.
        .then(each(ServedFleet::resign).timeout(RESIGN_PATIENCE, Mono.empty(), scheduler))
        .then(webSocket.drain().timeout(DRAIN_PATIENCE, Mono.empty(), scheduler))
        .then(each(ServedFleet::settled).timeout(DETACH_PATIENCE, Mono.empty(), scheduler))
        .doFinally(end -> listeners.dispose());
  }

  private Mono<Void> each(Function<ServedFleet, Mono<Void>> part) {
    return Mono.whenDelayError(fleets.stream().map(part).toList());
  }

  static String version() {
    String version = CoordinatorServer.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }
}
