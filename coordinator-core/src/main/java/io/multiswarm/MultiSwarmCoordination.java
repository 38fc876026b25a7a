package io.multiswarm;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.election.Election;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.NodeHealth;
import io.multiswarm.health.Nodes;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.distribution.MessageFeed;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.MonotonicScheduler;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Unreadable;
import io.multiswarm.internal.redis.Ending;
import io.multiswarm.internal.tracing.Tracing;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Channels;
import io.multiswarm.messaging.Messenger;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.recovery.Recovery;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import io.multiswarm.resources.ReleaseRequest;
import io.multiswarm.resources.Resources;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.SwarmStateManager;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskWorkers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Coordination of agent swarms over Redis, embedded in this process: one node of the fleet, with
 * three connections to Redis however many swarms it carries.
 *
 * <pre>{@code
 * MultiSwarmCoordination.connect("redis://localhost:6379")
 *     .flatMap(node -> node.createSwarm(NewSwarm.of("Build a REST API")))
 *     .map(CreatedSwarm::coordinator)
 *     .flatMap(builders -> builders.submit(NewTask.of("Write the tests")))
 *     .flatMap(TaskHandle::result)
 *     .subscribe();
 * }</pre>
 *
 * <p>{@link SwarmCoordinator} is the handle of one swarm: what one does with it is there. The
 * methods of this class act for swarms that were created or attached here, by id, under the names
 * of the design document; the components, such as {@link #registry()}, take an {@link Ownership}.
 *
 * <p><b>Errors.</b> Every Mono fails with a {@link CoordinationException}: {@code UNAVAILABLE}
 * while Redis is away, {@code PERMISSION_DENIED} for a swarm that is not held here, {@code FENCED}
 * for one that was attached elsewhere meanwhile. After {@code UNAVAILABLE} the outcome is unknown:
 * to subscribe once more to the same Mono of a message, a task, an allocation, a release or a new
 * swarm repeats that one call, which has its effect once.
 *
 * <p><b>Threading.</b> Safe for concurrent use. All Monos are cold. Results arrive on an event loop
 * or on the library's scheduler: do not block there.
 */
public final class MultiSwarmCoordination {

  private static final int SCHEDULER_THREADS = 2;
  private static final Duration CANARY_TTL = Duration.ofSeconds(30);

  private final Components components;
  private final SystemStatisticsReader statistics;
  private final LostSwarms lost;
  private final Metering metering;
  private final Scheduler scheduler;
  private final boolean ownScheduler;
  private final AtomicBoolean initialized = new AtomicBoolean();
  private final MessageFeed.Shared fed = new MessageFeed.Shared();

  private MultiSwarmCoordination(ConnectOptions options) {
    Scheduler given = options.scheduler();
    this.ownScheduler = given == null;
    this.scheduler =
        MonotonicScheduler.over(
            given != null ? given : Schedulers.newParallel("multiswarm", SCHEDULER_THREADS, true));
    this.components = new Components(options, scheduler);
    this.statistics = new SystemStatisticsReader(components);
    this.lost = new LostSwarms(components.node().holdings());
    this.metering = new Metering(this, options.meterRegistry());
  }

  /**
   * Makes a node and starts it: the way in. Waits for a Redis that is away; fails, and leaves
   * nothing behind, when Redis refuses us (password, permission) or may not be used. {@link
   * #shutdown} ends the node. Each subscription makes another one.
   */
  public static Mono<MultiSwarmCoordination> connect(ConnectOptions options) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> create(options)),
        node -> node.initialize().thenReturn(node),
        node -> Mono.empty(),
        (node, error) -> node.shutdown(),
        MultiSwarmCoordination::shutdown);
  }

  /** With the default options. */
  public static Mono<MultiSwarmCoordination> connect(String redisUrl) {
    return Mono.defer(() -> connect(ConnectOptions.of(redisUrl)));
  }

  /** With the default options; {@link #initialize} connects. */
  public static MultiSwarmCoordination create(String redisUrl) {
    return create(ConnectOptions.of(redisUrl));
  }

  /** A node with these options; {@link #initialize} connects. */
  public static MultiSwarmCoordination create(String redisUrl, CoordinationOptions options) {
    return create(ConnectOptions.of(redisUrl).withCoordination(options));
  }

  /** A node with these options; {@link #initialize} connects. */
  public static MultiSwarmCoordination create(
      String redisUrl, CoordinationOptions options, Policies policies) {
    return create(ConnectOptions.of(redisUrl).withCoordination(options).withPolicies(policies));
  }

  /**
   * What a Redis promises a fleet, without becoming a node of it: as much as a node tries before it
   * starts, and a few measurements. That it does not answer is a finding, too.
   *
   * @param clock of this machine, to compare it with that of Redis
   */
  public static Mono<RedisExamination> examine(ConnectOptions options, Supplier<Instant> clock) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> create(options)),
        node -> node.components.examine(clock),
        MultiSwarmCoordination::shutdown);
  }

  /** A node that {@link #initialize} connects. */
  public static MultiSwarmCoordination create(ConnectOptions options) {
    return new MultiSwarmCoordination(options);
  }

  /**
   * Connects and starts. Waits for a Redis that is away; fails only when its configuration refuses
   * us (password, permission). To be subscribed once; a second time is {@code FAILED_PRECONDITION}.
   */
  public Mono<Void> initialize() {
    return Mono.defer(
        () ->
            initialized.compareAndSet(false, true)
                ? components.start().then(Mono.fromRunnable(metering::start))
                : Mono.error(
                    new CoordinationException(
                        ErrorCode.FAILED_PRECONDITION,
                        "this node was initialized before; to begin anew, make another one")));
  }

  /** Registers a swarm, which is held by this node from then on. */
  public Mono<CreatedSwarm> createSwarm(NewSwarm swarm) {
    return registry()
        .register(swarm)
        .map(
            registration ->
                new CreatedSwarm(
                    registration.swarm(), registration.key(), handle(registration.ownership())));
  }

  /** Takes over a swarm that was created elsewhere, or before a restart. */
  public Mono<SwarmCoordinator> attachSwarm(String swarmId, String key) {
    return registry().attach(swarmId, key).map(attachment -> handle(attachment.ownership()));
  }

  /** A swarm as it is registered now, held here or not; {@code NOT_FOUND} when there is none. */
  public Mono<Swarm> getSwarm(String swarmId) {
    return registry().get(swarmId);
  }

  /** The first page of those that fit, newest first; {@link SwarmRegistry#list} gives all pages. */
  public Mono<List<Swarm>> getSwarms(SwarmQuery query) {
    return registry().list(query).map(SwarmPage::swarms);
  }

  /** To one swarm, in the name of one that is held here. */
  public Mono<Published> sendMessage(String fromSwarmId, String toSwarmId, NewMessage message) {
    return components.messenger().send(() -> ownership(fromSwarmId), toSwarmId, message);
  }

  /** To all, on {@code swarm:global}, in the name of a swarm that is held here. */
  public Mono<Published> broadcast(String swarmId, NewMessage message) {
    return publish(swarmId, ChannelName.GLOBAL, message);
  }

  Mono<Published> publish(String swarmId, String channel, NewMessage message) {
    return components.messenger().publish(() -> ownership(swarmId), channel, message);
  }

  /**
   * Submits a task in the name of a swarm that is held here; whichever node leads assigns it. The
   * handle follows it.
   */
  public Mono<TaskHandle> distributeTask(String swarmId, NewTask task) {
    Mono<TaskHandle> submission = tasks().distribute(swarmId, task);
    return acting(swarmId, held -> submission);
  }

  /** Gives a swarm that is held here an amount of a resource, or refuses at once. */
  public Mono<Grant> allocateResource(String swarmId, String type, long amount) {
    String requestId = Ids.unique("r");
    return acting(
        swarmId,
        owner ->
            resources()
                .allocate(owner, AllocationRequest.of(type, amount).withRequestId(requestId)));
  }

  /**
   * @param amount null for all that it holds
   */
  public Mono<Grant> releaseResource(String swarmId, String type, @Nullable Long amount) {
    String requestId = Ids.unique("r");
    return acting(
        swarmId, owner -> resources().release(owner, new ReleaseRequest(type, amount, requestId)));
  }

  /** Decides between two swarms, once and for all nodes. */
  public Mono<Resolution> resolveConflict(Conflict conflict) {
    return conflicts().resolve(conflict);
  }

  /** What a swarm that is held here says and hears. */
  public SwarmMessenger getMessenger(String swarmId) {
    return new SwarmMessenger(this, swarmId);
  }

  /** Of the state of a swarm that is held here. */
  public Mono<Snapshot> createSnapshot(String swarmId, @Nullable String label) {
    return acting(swarmId, owner -> stateManager().snapshots().create(owner, label));
  }

  /** Whoever holds the swarm or did: an embedding application acts as an administrator here. */
  public Mono<RecoveryResult> recoverSwarm(String swarmId) {
    return Mono.defer(() -> recovery().recoverSwarm(Ownership.administrator(swarmId)));
  }

  /**
   * Recovers every swarm that is interrupted; a result each, as they come. As {@link
   * Recovery#recoverAllInterrupted}.
   */
  public Flux<RecoveryResult> recoverAllInterrupted() {
    return Flux.defer(() -> recovery().recoverAllInterrupted());
  }

  /** Swarms whose owner is gone and that nobody has attached since. */
  public Mono<List<Swarm>> discoverInterruptedSwarms() {
    return registry().interrupted();
  }

  /**
   * @param reason {@code failed} archives the swarm as failed, all else as completed
   */
  public Mono<Void> deregisterSwarm(String swarmId, @Nullable String reason) {
    return acting(swarmId, owner -> registry().deregister(owner, reason));
  }

  /** Two round trips, whatever the number of swarms. */
  public Mono<SystemStatistics> getStatistics() {
    return statistics.read();
  }

  /**
   * Hands leadership over, lets the swarms go with their grace, and closes the connections. Never
   * fails; what Redis could not be told is left to the leases.
   */
  public Mono<Void> shutdown() {
    return Mono.fromRunnable(metering::stop)
        .then(Mono.defer(components::stop))
        .then(ownScheduler ? Mono.fromFuture(() -> Ending.of(scheduler::dispose)) : Mono.empty());
  }

  // The components

  /** Unique for each start. */
  public String nodeId() {
    return components.node().nodeId();
  }

  /** Which swarms there are, and who holds them. */
  public SwarmRegistry registry() {
    return components.registry().registry();
  }

  /** What swarms say to each other. */
  public Messenger messenger() {
    return components.messenger();
  }

  /** Channels as they are read: history, and what comes. */
  public Channels channels() {
    return components.channels();
  }

  /** The submitter's side of tasks. */
  public TaskQueue tasks() {
    return components.tasks().queue();
  }

  /** The worker's side of tasks. */
  public TaskWorkers workers() {
    return components.tasks().workers();
  }

  /** States, snapshots and checkpoints. */
  public SwarmStateManager stateManager() {
    return components.states();
  }

  /** What interrupted swarms can resume from. */
  public Recovery recovery() {
    return components.recovery();
  }

  /** Where own strategies are registered. */
  public TaskStrategies taskStrategies() {
    return components.tasks().strategies();
  }

  /** Pools that swarms share. */
  public Resources resources() {
    return components.resources().resources();
  }

  /** Who of two swarms wins, and the votes on it. */
  public Conflicts conflicts() {
    return components.conflicts();
  }

  /**
   * Why this node does not work yet, or not any more, in a line that says what to do; empty when it
   * has started in every part and Redis lets it do what it must.
   */
  public Optional<String> obstacle() {
    return components.access().obstacle();
  }

  /** What this Redis lets the node do; empty before it answered for the first time. */
  public Optional<RedisFindings> access() {
    return components.access().latest();
  }

  /** What was found out about this Redis; empty before it answered for the first time. */
  public Optional<InstallationReport> installation() {
    return components.installation().latest();
  }

  /** How well this node does, as of the last round of measurements. */
  public NodeHealth health() {
    return components.health().latest();
  }

  /** How often this node has lost Redis since it was there first. */
  public long redisOutages() {
    return components.redisWatch().outages();
  }

  void onAttemptEnded(BiConsumer<String, Duration> listener) {
    components.tasks().listenToEnds(listener);
  }

  void onAssigned(BiConsumer<String, Duration> listener) {
    components.tasks().listenToWaits(listener);
  }

  Duration leaderLease() {
    return components.node().options().liveness().leaderLease();
  }

  /** Who else there is. */
  public Nodes nodes() {
    return components.registry().nodes();
  }

  /** Who leads the fleet. */
  public Election election() {
    return components.election();
  }

  /** Whether all connections to Redis are up at the moment. */
  public boolean isConnected() {
    return components.node().link().isUp();
  }

  /** Why not all connections to Redis are up, as far as it is known; empty when they are. */
  public Optional<String> disconnection() {
    return components.node().link().disconnection();
  }

  /** Proves that Redis takes writes, by writing a key of this node that expires by itself. */
  public Mono<Void> probe() {
    NodeContext node = components.node();
    return Mono.defer(() -> node.link().writeCanary(node.keys().canary(nodeId()), CANARY_TTL));
  }

  /**
   * Calls {@code listener} whenever a swarm is held here no more. It must not block. Who waits for
   * one swarm takes {@link SwarmCoordinator#lost}.
   */
  public Disposable onLost(Consumer<SwarmLost> listener) {
    AttachedSwarms.Listener adapter =
        new AttachedSwarms.Listener() {
          @Override
          public void lost(AttachedSwarms.Held held, String reason) {
            listener.accept(SwarmLost.of(held.ownership(), reason));
          }
        };
    components.node().holdings().listen(adapter);
    return () -> components.node().holdings().unlisten(adapter);
  }

  /** The proof for a swarm that is held here. */
  Ownership ownership(String swarmId) {
    Ids.checkSwarm("swarmId", swarmId);
    return components
        .node()
        .holdings()
        .find(swarmId)
        .map(AttachedSwarms.Held::ownership)
        .orElseThrow(
            () ->
                CoordinationException.of(
                    ErrorCode.PERMISSION_DENIED,
                    "swarm %s is not held by this node; create or attach it first",
                    swarmId));
  }

  private SwarmCoordinator handle(Ownership ownership) {
    return new SwarmCoordinator(this, ownership, lost.of(ownership));
  }

  /** How often this node passed over a record in Redis that it could not read. */
  public long unreadableRecords() {
    return unreadable().count();
  }

  Tracing tracing() {
    return components.node().tracing();
  }

  Context observed(Context context, Assignment given) {
    return components.tasks().observed(context, given);
  }

  Unreadable unreadable() {
    return components.node().unreadable();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  MessageFeed feed(MessageFeed.Receiver receiver) {
    return new MessageFeed(
        MessageFeed.Limits.DEFAULT, fed, Handlers.threads(), scheduler, receiver);
  }

  private <T> Mono<T> acting(String swarmId, Function<Ownership, Mono<T>> call) {
    return Mono.defer(() -> call.apply(ownership(swarmId)));
  }
}
