package io.multiswarm;

import io.micrometer.observation.ObservationRegistry;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ids;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.internal.conflict.ConflictsNode;
import io.multiswarm.internal.distribution.DefaultChannels;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.election.DefaultElection;
import io.multiswarm.internal.election.LeaderOffice;
import io.multiswarm.internal.health.AccessCheck;
import io.multiswarm.internal.health.InstallationCheck;
import io.multiswarm.internal.health.LossCheck;
import io.multiswarm.internal.health.NodeHealthMonitor;
import io.multiswarm.internal.health.RedisWatch;
import io.multiswarm.internal.messaging.DefaultMessenger;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Retries;
import io.multiswarm.internal.recovery.DefaultRecovery;
import io.multiswarm.internal.recovery.LedgerFacts;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.internal.registry.SwarmActivity;
import io.multiswarm.internal.resources.ResourcesNode;
import io.multiswarm.internal.state.RedisStateManager;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.HistoryBudget;
import io.multiswarm.internal.stream.IdleChannelCompaction;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.tasks.Tasks;
import io.multiswarm.internal.tracing.MicrometerTracing;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.tasks.TaskStrategies;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The parts of a node, wired; started and stopped in the order of their dependence. */
final class Components {

  private final NodeContext node;
  private final ChannelStreams streams;
  private final DefaultChannels channels;
  private final DefaultMessenger messenger;
  private final DefaultElection election;
  private final Duties<Leader> duties;
  private final RegistryNode registry;
  private final Tasks tasks;
  private final RedisStateManager states;
  private final DefaultRecovery recovery;
  private final ResourcesNode resources;
  private final Conflicts conflicts;
  private final AccessCheck access;
  private final LossCheck losses;
  private final InstallationCheck installation;
  private final NodeHealthMonitor health;
  private final RedisWatch redisWatch;

  Components(ConnectOptions options, Scheduler scheduler) {
    Policies policies = options.policies();
    this.node = context(options, scheduler);
    this.access = new AccessCheck(node);
    this.losses = new LossCheck(node);
    this.installation = installation(node, policies, access, losses);
    StreamCounters counters = new StreamCounters();
    ChannelHistory history = new ChannelHistory(node, counters);
    this.streams = new ChannelStreams(node, history, counters);
    this.channels = new DefaultChannels(streams, history, counters, scheduler);
    this.election = new DefaultElection(node);
    this.duties = new Duties<>(new LeaderOffice(election), scheduler);
    this.registry = RegistryNode.create(node);
    registry.upkeep().add(new IdleChannelCompaction(node));
    registry.upkeep().add(new HistoryBudget(node, registry::archived));
    this.tasks = new Tasks(node, registry.upkeep(), duties, new TaskStrategies());
    this.states = new RedisStateManager(node);
    registry.upkeep().add(states.duty());
    this.recovery =
        new DefaultRecovery(
            node,
            registry.registry(),
            registry.lifecycle(),
            states.sources(),
            new LedgerFacts(tasks.traces()::of, this::holding));
    registry.upkeep().add(recovery.duty(policies.recovery()));
    this.resources = ResourcesNode.create(node, registry.upkeep(), duties, policies.resources());
    this.conflicts =
        ConflictsNode.create(node, registry.registry(), duties, policies.conflicts()).conflicts();
    this.health = new NodeHealthMonitor(healthSources(), scheduler);
    this.redisWatch = new RedisWatch(node.link()::isUp, scheduler);
    SwarmActivity activity = registry.activity();
    this.messenger =
        new DefaultMessenger(
            node,
            new ChannelPublisher(node),
            streams,
            counters,
            sender -> activity.record(sender, SwarmActivity.Counter.MESSAGES_SENT));
  }

  private static InstallationCheck installation(
      NodeContext node, Policies policies, AccessCheck access, LossCheck losses) {
    return new InstallationCheck(
        node,
        policies.onEviction(),
        policies.durability(),
        () -> access.again().then(losses.look()));
  }

  private static NodeContext context(ConnectOptions options, Scheduler scheduler) {
    CoordinationOptions coordination = options.coordination();
    RedisLink link =
        RedisLink.open(
            options.redisUrl(),
            options.redisAccess(),
            LinkSettings.of(coordination.liveness())
                .withReplicas(options.policies().durability().replicas()),
            scheduler,
            options.clientResources());
    return NodeContext.of(
        Ids.unique("node"), link, coordination, scheduler, tracing(options.observationRegistry()));
  }

  /** Only who gave a registry has Micrometer, without which its class cannot be loaded. */
  private static Tracing tracing(@Nullable ObservationRegistry registry) {
    return registry == null ? Tracing.NONE : new MicrometerTracing(registry);
  }

  private Mono<ResourceFacts> holding(String swarmId) {
    return resources
        .holding(swarmId)
        .map(holding -> new ResourceFacts(holding.held(), holding.returned()));
  }

  private NodeHealthMonitor.Sources healthSources() {
    return new NodeHealthMonitor.Sources(
        Mono.defer(() -> node.link().reads().get(node.keys().leader())),
        election.leader(),
        registry::sweepLag);
  }

  /** Repeated while Redis does not answer; fails when this Redis is refused. */
  private Mono<Void> admit() {
    return access
        .admit()
        .then(Mono.defer(installation::admit))
        .then(Mono.defer(losses::look))
        .retryWhen(Retries.untilAnswered(node.scheduler()))
        .then();
  }

  /** Looks at Redis, and starts nothing. */
  Mono<RedisExamination> examine(Supplier<Instant> clock) {
    return installation.examine(node, clock);
  }

  /** Completes when Redis is there and everything runs. */
  Mono<Void> start() {
    return node.link()
        .connected()
        .then(Mono.defer(this::admit))
        .then(
            Mono.fromRunnable(
                () -> {
                  node.signals().onReset(installation::lookSoon);
                  installation.start();
                  node.signals().start();
                  streams.start(node.scheduler());
                  registry.start();
                  election.start();
                  states.start();
                  health.start();
                  access.started();
                  redisWatch.start();
                }));
  }

  /**
   * Hands leadership over, lets the swarms go with their grace, and closes the connections. What
   * fails because Redis is away is left to the leases.
   */
  Mono<Void> stop() {
    duties.stop();
    tasks.close();
    states.stop();
    installation.stop();
    health.stop();
    redisWatch.stop();
    return election
        .resign()
        .onErrorComplete()
        .then(Mono.fromRunnable(election::stop))
        .then(registry.stop().onErrorComplete())
        .then(
            Mono.defer(
                () -> {
                  streams.stop();
                  node.signals().stop();
                  return node.link().close();
                }));
  }

  NodeContext node() {
    return node;
  }

  DefaultChannels channels() {
    return channels;
  }

  DefaultMessenger messenger() {
    return messenger;
  }

  DefaultElection election() {
    return election;
  }

  Duties<Leader> duties() {
    return duties;
  }

  RegistryNode registry() {
    return registry;
  }

  Tasks tasks() {
    return tasks;
  }

  RedisStateManager states() {
    return states;
  }

  DefaultRecovery recovery() {
    return recovery;
  }

  ResourcesNode resources() {
    return resources;
  }

  Conflicts conflicts() {
    return conflicts;
  }

  AccessCheck access() {
    return access;
  }

  InstallationCheck installation() {
    return installation;
  }

  RedisWatch redisWatch() {
    return redisWatch;
  }

  NodeHealthMonitor health() {
    return health;
  }
}
