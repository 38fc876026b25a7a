package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.server.config.RedisTarget;
import io.multiswarm.server.config.ServerConfig;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node in this process, on a free port. */
public final class TestServer implements AutoCloseable {

  private static final Duration AGENT_GRACE = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Scheduler scheduler = Schedulers.newParallel("test-server", 1, true);
  private final List<FleetNode> nodes;
  private final CoordinatorServer.Running running;

  private TestServer(String redisUri, ServerConfig config) {
    nodes =
        config.fleets().stream()
            .map(
                fleet ->
                    new FleetNode(
                        fleet,
                        MultiSwarmCoordination.create(
                            redisUri, config.coordination().withFleet(fleet), config.policies())))
            .toList();
    running = CoordinatorServer.start(config, nodes, scheduler).block(PATIENCE);
    each(MultiSwarmCoordination::initialize);
  }

  private TestServer(
      String redisUri,
      CoordinationOptions options,
      Policies policies,
      ServerConfig.Security security,
      ServerConfig.Limits limits,
      Duration agentGrace) {
    this(
        redisUri,
        new ServerConfig(
            new ServerConfig.Listening("127.0.0.1", 0, false, List.of()),
            security,
            limits,
            new RedisTarget.External(redisUri),
            options,
            List.of(options.fleet()),
            policies,
            sessions(agentGrace),
            new ServerConfig.Reporting("INFO", false, null, "", List.of())));
  }

  private static ServerConfig.Sessions sessions(Duration agentGrace) {
    return new ServerConfig.Sessions(
        Duration.ofSeconds(10),
        Duration.ofSeconds(25),
        Duration.ofSeconds(30),
        agentGrace,
        64 << 20);
  }

  /** One that serves several fleets. */
  public static TestServer several(
      String redisUri, ServerConfig.Security security, List<String> fleets) {
    return new TestServer(
        redisUri,
        new ServerConfig(
            new ServerConfig.Listening("127.0.0.1", 0, false, List.of()),
            security,
            ServerConfig.Limits.DEFAULTS,
            new RedisTarget.External(redisUri),
            CoordinationOptions.defaults().withFleet(fleets.get(0)),
            fleets,
            Policies.defaults(),
            sessions(AGENT_GRACE),
            new ServerConfig.Reporting("INFO", false, null, "", List.of())));
  }

  private void each(Function<MultiSwarmCoordination, Mono<Void>> act) {
    Mono.when(nodes.stream().map(node -> act.apply(node.coordination())).toList()).block(PATIENCE);
  }

  /** With the default options, in the fleet of the test. */
  public static TestServer start(TestRedis redis) {
    return start(redis, CoordinationOptions.defaults());
  }

  public static TestServer start(TestRedis redis, CoordinationOptions options) {
    return start(redis, options, Policies.defaults());
  }

  public static TestServer start(TestRedis redis, CoordinationOptions options, Policies policies) {
    return open(redis.uri(), options.withFleet(redis.fleet()), policies);
  }

  /** One that reaches Redis by the network only. */
  public static TestServer startBehind(
      RedisProxy network, TestRedis redis, CoordinationOptions options) {
    return open(network.uri(), options.withFleet(redis.fleet()), Policies.defaults());
  }

  private static TestServer open(String uri, CoordinationOptions options, Policies policies) {
    return new TestServer(
        uri,
        options,
        policies,
        ServerConfig.Security.NONE,
        ServerConfig.Limits.DEFAULTS,
        AGENT_GRACE);
  }

  /** One that soon gives up agents that do not call. */
  public static TestServer impatient(
      TestRedis redis, CoordinationOptions options, Duration agentGrace) {
    return new TestServer(
        redis.uri(),
        options.withFleet(redis.fleet()),
        Policies.defaults(),
        ServerConfig.Security.NONE,
        ServerConfig.Limits.DEFAULTS,
        agentGrace);
  }

  /** One that asks for tokens, or bounds what clients may take. */
  public static TestServer guarded(
      TestRedis redis, ServerConfig.Security security, ServerConfig.Limits limits) {
    return new TestServer(
        redis.uri(),
        CoordinationOptions.defaults().withFleet(redis.fleet()),
        Policies.defaults(),
        security,
        limits,
        AGENT_GRACE);
  }

  /** One that asks for tokens, with other options than the default ones. */
  public static TestServer guarded(
      TestRedis redis, ServerConfig.Security security, CoordinationOptions options) {
    return new TestServer(
        redis.uri(),
        options.withFleet(redis.fleet()),
        Policies.defaults(),
        security,
        ServerConfig.Limits.DEFAULTS,
        AGENT_GRACE);
  }

  public static TestServer guarded(TestRedis redis, ServerConfig.Security security) {
    return guarded(redis, security, ServerConfig.Limits.DEFAULTS);
  }

  public int port() {
    return running.port();
  }

  /** A client with an open session. */
  public JsonClient connect() {
    return JsonClient.connect(port());
  }

  public CoordinatorServer.Running running() {
    return running;
  }

  @Override
  public void close() {
    running.stop().block(PATIENCE);
    each(MultiSwarmCoordination::shutdown);
    scheduler.dispose();
  }
}
