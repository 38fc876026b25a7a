package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.health.InstallationReport;
import io.multiswarm.health.NodeHealth;
import io.multiswarm.messaging.Messenger;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.resources.Resources;
import io.multiswarm.server.http.Metrics;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskStatistics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the library knows of this node, as metrics. */
final class NodeMetrics {

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private NodeMetrics() {}

  static void addTo(Metrics metrics, MultiSwarmCoordination coordination) {
    addMessages(metrics, coordination.messenger());
    addHealth(metrics, coordination);
    addLeadership(metrics, coordination);
    addResources(metrics, coordination.resources());
    addTasks(metrics, coordination.tasks());
  }

  private static void addMessages(Metrics metrics, Messenger messenger) {
    metrics
        .counter(
            "multiswarm.messages.published",
            "Messages that this node has published",
            messenger,
            counted -> counted.statistics().messagesSent())
        .counter(
            "multiswarm.messages.delivered",
            "Messages that this node has given to subscribers",
            messenger,
            counted -> counted.statistics().messagesReceived())
        .counter(
            "multiswarm.messages.gaps",
            "Holes in channels that were announced to subscribers",
            messenger,
            counted -> counted.statistics().gapsAnnounced());
  }

  private static void addHealth(Metrics metrics, MultiSwarmCoordination coordination) {
    metrics.counter(
        "multiswarm.records.unreadable",
        "Times that this node passed over a record in Redis that it could not read",
        coordination,
        MultiSwarmCoordination::unreadableRecords);
    addSeconds(
        metrics,
        "multiswarm.node.scheduler.delay.seconds",
        "Longest that a task of this node waited for its thread, in the last round of 30 s",
        coordination,
        NodeHealth::schedulerDelay);
    addSeconds(
        metrics,
        "multiswarm.node.redis.command.latency.seconds",
        "Of a read on the connection for commands; NaN when Redis gave no answer",
        coordination,
        NodeHealth::commandLatency);
    addSeconds(
        metrics,
        "multiswarm.node.redis.control.latency.seconds",
        "Of a read on the connection for election and liveness; NaN when Redis gave no answer",
        coordination,
        NodeHealth::controlLatency);
    addSeconds(
        metrics,
        "multiswarm.node.sweep.lag.seconds",
        "How late overdue things are noticed by this node",
        coordination,
        NodeHealth::sweepLag);
    metrics.gauge(
        "multiswarm.redis.safe",
        "1 when Redis is set up to keep what it is given, 0 when it may remove keys, NaN when it does not tell",
        coordination,
        node -> node.installation().map(NodeMetrics::safe).orElse(Double.NaN));
  }

  private static void addSeconds(
      Metrics metrics,
      String name,
      String help,
      MultiSwarmCoordination coordination,
      Function<NodeHealth, @Nullable Duration> measured) {
    metrics.gauge(name, help, coordination, node -> seconds(measured.apply(node.health())));
  }

  private static double seconds(@Nullable Duration duration) {
    return duration == null ? Double.NaN : duration.toNanos() / SECOND;
  }

  private static double safe(InstallationReport report) {
    if (!report.isSafe()) {
      return 0;
    }
    return report.warnings().isEmpty() ? 1 : Double.NaN;
  }

  private static void addLeadership(Metrics metrics, MultiSwarmCoordination coordination) {
    metrics
        .gauge(
            "multiswarm.leading",
            "1 while this node leads",
            coordination.election(),
            election -> election.statistics().leading() ? 1 : 0)
        .counter(
            "multiswarm.leadership.changes",
            "Leaderships, of any node, that this node has seen begin",
            coordination.election(),
            election -> election.statistics().leadershipChanges());
  }

  /** The fleet's, asked for when they are to be told; NaN while Redis does not answer. */
  private static void addResources(Metrics metrics, Resources resources) {
    AtomicReference<@Nullable ResourceStatistics> latest = new AtomicReference<>();
    metrics
        .refreshedBy(
            resources.statistics().doOnNext(latest::set).doOnError(error -> latest.set(null)))
        .gauge(
            "multiswarm.resources.holders",
            "Swarms of the fleet that hold resources",
            latest,
            read -> number(read, ResourceStatistics::holders))
        .gauge(
            "multiswarm.resources.waiting",
            "Calls of the fleet that wait for resources",
            latest,
            read -> number(read, ResourceStatistics::waiting))
        .gauge(
            "multiswarm.resources.idle",
            "Times that a swarm of the fleet was found to hold resources and do nothing",
            latest,
            read -> number(read, ResourceStatistics::idle))
        .gauge(
            "multiswarm.resources.reclaimed",
            "Times that resources were taken from a swarm that did nothing",
            latest,
            read -> number(read, ResourceStatistics::reclaimed));
  }

  /** The fleet's, likewise. */
  private static void addTasks(Metrics metrics, TaskQueue tasks) {
    AtomicReference<@Nullable TaskStatistics> latest = new AtomicReference<>();
    metrics
        .refreshedBy(tasks.statistics().doOnNext(latest::set).doOnError(error -> latest.set(null)))
        .gauge(
            "multiswarm.tasks.queue.bytes",
            "What the fleet's tasks that have not ended take of Redis, about",
            latest,
            read -> number(read, TaskStatistics::queueBytes))
        .gauge(
            "multiswarm.tasks.ended.bytes",
            "What the fleet's ended tasks take of Redis, about",
            latest,
            read -> number(read, TaskStatistics::endedBytes));
  }

  private static <T> double number(AtomicReference<@Nullable T> read, ToLongFunction<T> number) {
    T statistics = read.get();
    return statistics == null ? Double.NaN : number.applyAsLong(statistics);
  }
}
