package io.multiswarm.server;

import io.multiswarm.CoordinationMetrics;
import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.health.OnEviction;
import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.server.http.ApiDocument;
import io.multiswarm.server.http.CallMetrics;
import io.multiswarm.server.http.HttpEndpoint;
import io.multiswarm.server.http.Metrics;
import io.multiswarm.server.http.Readiness;
import io.multiswarm.server.mcp.McpEndpoint;
import io.multiswarm.server.methods.ChannelMethods;
import io.multiswarm.server.methods.ConflictMethods;
import io.multiswarm.server.methods.LeaderMethods;
import io.multiswarm.server.methods.MessageMethods;
import io.multiswarm.server.methods.NodeMethods;
import io.multiswarm.server.methods.RecoveryMethods;
import io.multiswarm.server.methods.ResourceMethods;
import io.multiswarm.server.methods.SessionMethods;
import io.multiswarm.server.methods.StateMethods;
import io.multiswarm.server.methods.StatsMethods;
import io.multiswarm.server.methods.SwarmMethods;
import io.multiswarm.server.methods.TaskInsightMethods;
import io.multiswarm.server.methods.TaskMethods;
import io.multiswarm.server.methods.TaskSearchMethods;
import io.multiswarm.server.methods.WorkMethods;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.Method;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.session.SessionFactory;
import io.multiswarm.server.watchdog.Watchdog;
import io.multiswarm.server.websocket.Doorkeeper;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A node of the fleet for clients on WebSockets: the library behind the wire protocol. Listens as
 * soon as it is started, whether or not Redis is there; {@code /readyz} tells.
 */
public final class CoordinatorServer {

  private static final Duration RESIGN_PATIENCE = Duration.ofSeconds(1);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(4);
  private static final Duration DETACH_PATIENCE = Duration.ofSeconds(1);

  private final MultiSwarmCoordination coordination;
  private final Scheduler scheduler;
  private final SessionDirectory sessions;
  private final RegistryCustody custody;
  private final WebSocketEndpoint webSocket;
  private final McpEndpoint mcp;
  private final Security security;
  private final MethodTable methods;
  private final Metrics metrics = new Metrics();
  private final Disposable listeners;
  private volatile boolean draining;

  private CoordinatorServer(
      ServerConfig config, MultiSwarmCoordination coordination, Scheduler scheduler) {
    this.coordination = coordination;
    this.scheduler = scheduler;
    this.sessions =
        new SessionDirectory(
            new NodeBuffers(config.sessions().nodeBufferBytes()), Security.quotas(config.limits()));
    this.custody = new RegistryCustody(coordination.registry());
    this.security = new Security(config, scheduler);
    this.listeners =
        Disposables.composite(
            security.watch(sessions, scheduler),
            coordination.onLost(lost -> sessions.lost(lost.ownership(), lost.detail())),
            ConflictMethods.askVoters(coordination.conflicts(), sessions));
    this.methods =
        MethodTable.of(
                methods(config), Rights.ofTheProtocol(), TaskMethods.owners(coordination.tasks()))
            .meteredBy(new CallMetrics(metrics));
    coordination.nodes().describe(version(), sessions::size);
    SessionFactory factory = new SessionFactory(sessions, custody, limits(config), methods);
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
      return server.methods;
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
   * Begins to listen.
   *
   * @param scheduler for intervals and deadlines
   */
  public static Mono<Running> start(
      ServerConfig config, MultiSwarmCoordination coordination, Scheduler scheduler) {
    return Mono.defer(() -> new CoordinatorServer(config, coordination, scheduler).listen(config));
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
                readiness(config),
                metrics(),
                security.metricsGate(),
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

  /** Every method that this server has; a new group is named here. */
  private List<MethodTable.Group> methods(ServerConfig config) {
    SessionMethods.Node node =
        new SessionMethods.Node(
            coordination.nodeId(),
            version(),
            config.sessions().pingInterval(),
            config.coordination().liveness().sessionGrace());
    WorkMethods work = new WorkMethods(coordination.workers());
    return List.of(
        new SessionMethods(node, security.admissions(), scheduler),
        new SwarmMethods(coordination.registry(), coordination.election(), work.leases()),
        new LeaderMethods(coordination.election()),
        new MessageMethods(coordination.messenger()),
        new ChannelMethods(coordination.channels(), coordination.registry()),
        new TaskMethods(coordination.tasks()),
        new TaskSearchMethods(coordination.tasks()),
        new TaskInsightMethods(coordination.tasks()),
        new NodeMethods(coordination.nodes()),
        new ResourceMethods(coordination.resources()),
        new ConflictMethods(coordination.conflicts()),
        work,
        new StateMethods(coordination.stateManager()),
        new RecoveryMethods(coordination.recovery()),
        new StatsMethods(coordination.getStatistics().map(Json::of), scheduler));
  }

  private Readiness readiness(ServerConfig config) {
    Readiness readiness =
        new Readiness()
            .check("redis-connections", unless(coordination::disconnection))
            .check("started", unless(coordination::obstacle))
            .check("redis-writes", coordination.probe())
            .check(
                "not-draining",
                unless(() -> Optional.of("the node is about to stop").filter(text -> draining)));
    readiness.wish("redis-tells", tells());
    return config.policies().onEviction() == OnEviction.REFUSE
        ? readiness.check("redis-keeps-data", keepsData())
        : readiness.wish("redis-keeps-data", keepsData());
  }

  private static Mono<Void> unless(Supplier<Optional<String>> reason) {
    return Mono.defer(
        () -> Mono.justOrEmpty(reason.get()).flatMap(why -> Mono.error(unavailable(why))));
  }

  /** Whether it was possible to look at what {@link #keepsData} is about. */
  private Mono<Void> tells() {
    return Mono.defer(
        () ->
            Mono.justOrEmpty(coordination.installation())
                .filter(report -> !report.warnings().isEmpty())
                .flatMap(report -> Mono.error(unavailable(String.join("; ", report.warnings())))));
  }

  /** By the latest look; {@code CONFIG SET} may have changed it since the start. */
  private Mono<Void> keepsData() {
    return Mono.defer(
        () ->
            Mono.justOrEmpty(coordination.installation())
                .filter(report -> !report.isSafe())
                .flatMap(unsafe -> Mono.error(unavailable(String.join("; ", unsafe.problems())))));
  }

  private static CoordinationException unavailable(String why) {
    return CoordinationException.of(ErrorCode.UNAVAILABLE, "%s", why);
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
    CoordinationMetrics ofTheLibrary = CoordinationMetrics.of(coordination, metrics.registry());
    return metrics.refreshedBy(Mono.defer(ofTheLibrary::refresh));
  }

  private Mono<Void> drain() {
    return Mono.fromRunnable(() -> draining = true)
        // First, for others wait for it; what Redis cannot be told is left to the lease.
        .then(
            Mono.defer(coordination.election()::resign)
                .timeout(RESIGN_PATIENCE, scheduler)
                .onErrorComplete())
        .then(webSocket.drain().timeout(DRAIN_PATIENCE, Mono.empty(), scheduler))
        .then(Mono.defer(custody::settled).timeout(DETACH_PATIENCE, Mono.empty(), scheduler))
        .doFinally(end -> listeners.dispose());
  }

  static String version() {
    String version = CoordinatorServer.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }
}
