package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.health.Nodes;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.UpkeepLease;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Periodic;
import io.multiswarm.internal.node.Signals;
import io.multiswarm.internal.redis.Counts;
import io.multiswarm.registry.RegistryStatistics;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmRegistry.Departure;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The registry's part of a node: what others call, and the jobs that keep this node and its swarms
 * alive and find those that are not.
 *
 * <p>{@link #create} wires, {@link #start} begins the jobs, {@link #stop} lets all swarms go with
 * their grace and takes the node's lease away.
 */
public final class RegistryNode {

  private static final Logger log = LoggerFactory.getLogger(RegistryNode.class);

  private static final Duration ACTIVITY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration DEPARTURES_INTERVAL = Duration.ofSeconds(1);
  private static final Duration JOB_TIMEOUT = Duration.ofSeconds(10);

  private final NodeContext context;
  private final RegistryKeys keys;
  private final DetachOutbox departures;
  private final Heartbeats heartbeats;
  private final RedisNodes nodes;
  private final NodeLease lease;
  private final CarriedSwarms carried;
  private final NodeActivity activity;
  private final SwarmWriter writer;
  private final SwarmRegistry registry;
  private final LivenessReaper reaper;
  private final UpkeepLease upkeepLease;
  private final Duties<UpkeepTerm> upkeep;
  private final Disposable.Composite jobs = Disposables.composite();

  private RegistryNode(NodeContext context) {
    this.context = context;
    this.keys = new RegistryKeys(context.keys());
    SwarmReader reader = new SwarmReader(context);
    this.departures = new DetachOutbox(context, keys);
    this.heartbeats = new Heartbeats(context, departures);
    this.nodes = new RedisNodes(context);
    this.lease = new NodeLease(context, heartbeats, nodes);
    this.activity = new NodeActivity(context, keys);
    this.carried = new CarriedSwarms(context, departures);
    Archives archives = new Archives(context, keys);
    this.writer = new SwarmWriter(context, keys, reader, archives);
    SwarmAdmission admission = new SwarmAdmission(context, keys, lease);
    this.registry = new RedisSwarmRegistry(context, reader, admission, writer, departures);
    this.reaper = new LivenessReaper(context, keys, departures, lease, carried);
    this.upkeepLease = new UpkeepLease(context);
    this.upkeep = new Duties<>(upkeepLease, context.scheduler());
    upkeep.add(reaper);
    upkeep.add(archives);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.DETACHED, this::detached);
    context.signals().onReset(this::reconcile);
  }

  /**
   * Registers its handlers with the context's {@link Signals}; call it before these are started.
   */
  public static RegistryNode create(NodeContext context) {
    return new RegistryNode(context);
  }

  /** What is done whenever this node is the one that keeps the fleet up. */
  public Duties<UpkeepTerm> upkeep() {
    return upkeep;
  }

  public SwarmRegistry registry() {
    return registry;
  }

  public Nodes nodes() {
    return nodes;
  }

  public SwarmActivity activity() {
    return activity;
  }

  public SwarmLifecycle lifecycle() {
    return writer;
  }

  /** Key of the sorted set of the swarms that are gone, by the ms at which they ended. */
  public String archived() {
    return keys.archived();
  }

  /** What {@link SwarmRegistry#statistics} reads, to be read together with others. */
  public Counts<RegistryStatistics> counts() {
    return RegistryCounts.of(context.keys());
  }

  /** How late this node is in looking for the dead and the overdue. */
  public Duration sweepLag() {
    return reaper.lag();
  }

  /** Begins the jobs; they outlive every outage of Redis. */
  public void start() {
    every(context.options().liveness().nodeBeat(), lease::renew);
    every(context.options().liveness().nodeBeat(), carried::look);
    every(DEPARTURES_INTERVAL, departures::retry);
    every(heartbeats.interval(), heartbeats::round);
    every(ACTIVITY_INTERVAL, activity::flush);
    upkeepLease.start();
  }

  private void every(Duration interval, Supplier<Mono<Void>> job) {
    jobs.add(Periodic.every(interval, context.scheduler()).givenUpAfter(JOB_TIMEOUT).start(job));
  }

  /**
   * Ends the jobs, detaches all swarms, so that they can be attached elsewhere within their grace,
   * and removes the node. Fails with {@code UNAVAILABLE} while Redis is away; the node's lease then
   * runs out by itself.
   */
  public Mono<Void> stop() {
    return Mono.defer(
        () -> {
          jobs.dispose();
          upkeep.stop();
          List<Ownership> held = context.holdings().all().stream().map(Held::ownership).toList();
          return upkeepLease
              .leave()
              .onErrorComplete()
              .then(activity.flush())
              .then(departures.leave(held, Departure.LOST))
              .then(lease.end());
        });
  }

  private void detached(SwarmSignal signal) {
    context.holdings().remove(signal.swarmId(), signal.incarnation(), signal.reason());
  }

  private void reconcile() {
    carried.suspect();
    if (context.holdings().size() > 0) {
      heartbeats
          .round()
          .subscribe(
              null,
              error ->
                  log.debug("Checking the holdings failed, the next heartbeat will: {}", error));
    }
  }
}
