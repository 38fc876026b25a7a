package io.multiswarm;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.NodeHealth;
import io.multiswarm.internal.tasks.distribution.Waits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a node and its fleet do, as Micrometer's meters; docs/operations.md says what each tells. A
 * node that was given a registry by {@link ConnectOptions#withMeterRegistry} has them and reads the
 * fleet's every ten seconds.
 *
 * <p>Names begin with {@code multiswarm.}; no tag has as many values as there are swarms. What
 * counts for the fleet is the same on every node: take the maximum over the nodes, not the sum.
 */
public final class CoordinationMetrics {

  static final Duration BETWEEN_READS = Duration.ofSeconds(10);

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  /** From a tenth of a second to an hour: tasks are work of agents. */
  private static final Duration[] TASK_TIMES = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1)
  };

  private final MultiSwarmCoordination node;
  private final KeptMeters meters;
  private final FleetMeters fleet;
  private final Map<String, Timer> runs;
  private final Map<String, Timer> waits;

  private CoordinationMetrics(MultiSwarmCoordination node, KeptMeters meters) {
    this.node = node;
    this.meters = meters;
    this.fleet = new FleetMeters(meters);
    this.runs =
        taskTimes(
            "multiswarm.tasks.run",
            "From the assignment to the report, on the node of the worker",
            "outcome",
            Set.of("completed", "failed", "released"));
    this.waits =
        taskTimes(
            "multiswarm.tasks.wait",
            "Until the assignment, on the node that leads: since the submission, or of a later"
                + " attempt since the end of the one before; delays that were asked for included",
            "attempt",
            Set.of(Waits.FIRST, Waits.LATER));
  }

  /** Registers the meters of the node. They must be {@linkplain #refresh() refreshed}. */
  public static CoordinationMetrics of(MultiSwarmCoordination node, MeterRegistry registry) {
    CoordinationMetrics metrics = new CoordinationMetrics(node, new KeptMeters(registry));
    metrics.bindNode();
    metrics.bindLeadership();
    metrics.bindMessages();
    metrics.fleet.bind();
    node.onAttemptEnded((outcome, ran) -> record(metrics.runs.get(outcome), ran));
    node.onAssigned((attempt, waited) -> record(metrics.waits.get(attempt), waited));
    return metrics;
  }

  /** Reads the numbers of the fleet: two round trips. Never fails; they are then unknown. */
  public Mono<Void> refresh() {
    return fleet.read(node.getStatistics());
  }

  /** Takes the meters out of the registry, which goes on. */
  void remove() {
    meters.remove();
  }

  private void bindNode() {
    counter(
        "multiswarm.records.unreadable",
        "Times that this node passed over a record in Redis that it could not read",
        MultiSwarmCoordination::unreadableRecords);
    health(
        "multiswarm.node.scheduler.delay.seconds",
        "Longest that a task of this node waited for its thread, in the last round of 30 s",
        NodeHealth::schedulerDelay);
    health(
        "multiswarm.node.redis.command.latency.seconds",
        "Of a read on the connection for commands; NaN when Redis gave no answer",
        NodeHealth::commandLatency);
    health(
        "multiswarm.node.redis.control.latency.seconds",
        "Of a read on the connection for election and liveness; NaN when Redis gave no answer",
        NodeHealth::controlLatency);
    health(
        "multiswarm.node.sweep.lag.seconds",
        "How late overdue things are noticed by this node",
        NodeHealth::sweepLag);
    gauge(
        "multiswarm.redis.connected",
        "1 while all connections of this node to Redis are up",
        of -> of.isConnected() ? 1 : 0);
    counter(
        "multiswarm.redis.outages",
        "Times that this node lost Redis",
        MultiSwarmCoordination::redisOutages);
    gauge(
        "multiswarm.redis.safe",
        "1 when Redis is set up to keep what it is given, 0 when it may remove keys, NaN"
            + " when it does not tell",
        of -> of.installation().map(CoordinationMetrics::safe).orElse(Double.NaN));
  }

  private static double safe(InstallationReport report) {
    if (!report.isSafe()) {
      return 0;
    }
    return report.warnings().isEmpty() ? 1 : Double.NaN;
  }

  private void bindLeadership() {
    gauge(
        "multiswarm.leading",
        "1 while this node leads",
        of -> of.election().statistics().leading() ? 1 : 0);
    counter(
        "multiswarm.leadership.changes",
        "Leaderships, of any node, that this node has seen begin",
        of -> of.election().statistics().leadershipChanges());
    gauge(
        "multiswarm.leader.epoch",
        "The newest epoch that this node has seen",
        of -> of.election().statistics().epoch());
    gauge(
        "multiswarm.leader.lease.margin.seconds",
        "What is left of the leader's lease, as this node knows it; NaN before the first leader",
        of -> margin(of.election().statistics(), of.leaderLease()));
  }

  private static double margin(ElectionStatistics election, Duration lease) {
    return election.epoch() == 0 ? Double.NaN : seconds(lease.minus(election.leaseAge()));
  }

  private void bindMessages() {
    counter(
        "multiswarm.messages.published",
        "Messages that this node has published",
        of -> of.messenger().statistics().messagesSent());
    counter(
        "multiswarm.messages.delivered",
        "Messages that this node has given to subscribers",
        of -> of.messenger().statistics().messagesReceived());
    counter(
        "multiswarm.messages.gaps",
        "Holes in channels that were announced to subscribers",
        of -> of.messenger().statistics().gapsAnnounced());
    counter(
        "multiswarm.messages.failed",
        "Calls to publish a message that failed",
        of -> of.messenger().statistics().errors());
    gauge(
        "multiswarm.subscriptions",
        "Subscriptions to channels on this node",
        of -> of.messenger().statistics().activeSubscriptions());
  }

  private Map<String, Timer> taskTimes(String name, String help, String tag, Set<String> values) {
    return values.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                value -> value,
                value ->
                    meters.kept(
                        Timer.builder(name)
                            .description(help)
                            .tags(Tags.of(tag, value))
                            .serviceLevelObjectives(TASK_TIMES)
                            .register(meters.registry()))));
  }

  private static void record(@Nullable Timer timer, Duration took) {
    if (timer != null) {
      timer.record(took);
    }
  }

  private void counter(String name, String help, ToDoubleFunction<MultiSwarmCoordination> count) {
    meters.kept(
        FunctionCounter.builder(name, node, count).description(help).register(meters.registry()));
  }

  private void gauge(String name, String help, ToDoubleFunction<MultiSwarmCoordination> value) {
    meters.kept(
        Gauge.builder(name, node, value)
            .description(help)
            .strongReference(true)
            .register(meters.registry()));
  }

  private void health(String name, String help, Function<NodeHealth, @Nullable Duration> measured) {
    gauge(name, help, of -> seconds(measured.apply(of.health())));
  }

  static double seconds(@Nullable Duration duration) {
    return duration == null ? Double.NaN : duration.toNanos() / SECOND;
  }
}
