package io.multiswarm;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.tasks.TaskStatistics;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The meters that tell of the fleet, by what was read of it last. */
final class FleetMeters {

  private final KeptMeters meters;

  /** Null before the first answer and while Redis gives none. */
  private volatile @Nullable SystemStatistics fleet;

  /** Of what only grows: the last answer, whatever has become of Redis since. */
  private volatile @Nullable SystemStatistics counted;

  FleetMeters(KeptMeters meters) {
    this.meters = meters;
  }

  /** Takes what is read; an error makes the numbers unknown. */
  Mono<Void> read(Mono<SystemStatistics> statistics) {
    return statistics
        .doOnNext(
            read -> {
              fleet = read;
              counted = read;
            })
        .doOnError(unknown -> fleet = null)
        .onErrorComplete()
        .then();
  }

  void bind() {
    bindSwarms();
    bindTasks();
    bindResources();
  }

  private void bindSwarms() {
    for (SwarmStatus status : SwarmStatus.values()) {
      meters.kept(
          Gauge.builder("multiswarm.swarms", this, all -> all.fleet(read -> swarms(read, status)))
              .description("Registered swarms of the fleet")
              .tags(Tags.of("status", status.word()))
              .strongReference(true)
              .register(meters.registry()));
    }
    fleetGauge(
        "multiswarm.swarms.held",
        "Swarms that are attached to this node",
        SystemStatistics::heldSwarms);
    fleetGauge(
        "multiswarm.swarms.archive.bytes",
        "What archives of deregistered swarms take of Redis",
        read -> read.registry().archiveBytes());
    fleetGauge(
        "multiswarm.history.bytes",
        "What histories of channels take of Redis, as they were weighed last",
        read -> read.registry().historyBytes());
    fleetGauge(
        "multiswarm.state.bytes",
        "What states, snapshots and checkpoints of the fleet take of Redis",
        read -> read.state().bytes());
    fleetCounter(
        "multiswarm.swarms.interrupted",
        "Times that a swarm of the fleet was interrupted",
        read -> read.registry().totalInterrupted());
  }

  private static double swarms(SystemStatistics read, SwarmStatus status) {
    return read.registry().byStatus().getOrDefault(status, 0L);
  }

  private void bindTasks() {
    tasks("multiswarm.tasks.pending", "Tasks that wait", TaskStatistics::queueDepth);
    tasks("multiswarm.tasks.delayed", "Those that wait for their time", TaskStatistics::delayed);
    tasks("multiswarm.tasks.assigned", "Tasks that a swarm has", TaskStatistics::assigned);
    tasks(
        "multiswarm.tasks.unroutable",
        "Tasks that no attached swarm is able to take",
        TaskStatistics::unroutable);
    tasks(
        "multiswarm.tasks.oldest.age.seconds",
        "How long the oldest task has waited that could be assigned",
        read -> CoordinationMetrics.seconds(read.oldestAge()));
    tasks(
        "multiswarm.tasks.paused", "1 while nobody is given tasks", read -> read.paused() ? 1 : 0);
    tasks(
        "multiswarm.tasks.queue.bytes",
        "What the fleet's tasks that have not ended take of Redis, about",
        TaskStatistics::queueBytes);
    tasks(
        "multiswarm.tasks.ended.bytes",
        "What the fleet's ended tasks take of Redis, about",
        TaskStatistics::endedBytes);
    bindTaskCounts();
  }

  private void bindTaskCounts() {
    counted("multiswarm.tasks.submitted", "Tasks", TaskStatistics::tasksSubmitted);
    counted("multiswarm.tasks.distributed", "Assignments", TaskStatistics::tasksDistributed);
    counted("multiswarm.tasks.completed", "Tasks completed", TaskStatistics::tasksCompleted);
    counted("multiswarm.tasks.failed", "Attempts reported as failed", TaskStatistics::tasksFailed);
    counted("multiswarm.tasks.cancelled", "Tasks cancelled", TaskStatistics::tasksCancelled);
    counted(
        "multiswarm.tasks.redelivered",
        "Assignments that were not a task's first",
        TaskStatistics::redelivered);
    counted("multiswarm.tasks.expired", "Leases that ran out", TaskStatistics::expired);
    counted(
        "multiswarm.tasks.returned", "Assignments whose swarm was gone", TaskStatistics::returned);
    counted("multiswarm.tasks.dead", "Tasks without attempts left", TaskStatistics::dead);
  }

  private void bindResources() {
    resources(
        "multiswarm.resources.holders",
        "Swarms of the fleet that hold resources",
        ResourceStatistics::holders);
    resources(
        "multiswarm.resources.waiting",
        "Calls of the fleet that wait for resources",
        ResourceStatistics::waiting);
    resources(
        "multiswarm.resources.idle",
        "Times that a swarm of the fleet was found to hold resources and do nothing",
        ResourceStatistics::idle);
    resources(
        "multiswarm.resources.reclaimed",
        "Times that resources were taken from a swarm that did nothing",
        ResourceStatistics::reclaimed);
  }

  private void tasks(String name, String help, ToDoubleFunction<TaskStatistics> value) {
    fleetGauge(name, help, read -> value.applyAsDouble(read.tasks()));
  }

  private void counted(String name, String help, ToDoubleFunction<TaskStatistics> count) {
    fleetCounter(name, help + ", since the fleet began", read -> count.applyAsDouble(read.tasks()));
  }

  private void resources(String name, String help, ToDoubleFunction<ResourceStatistics> value) {
    fleetGauge(name, help, read -> value.applyAsDouble(read.resources()));
  }

  private void fleetGauge(String name, String help, ToDoubleFunction<SystemStatistics> value) {
    meters.kept(
        Gauge.builder(name, this, all -> all.fleet(value))
            .description(help)
            .strongReference(true)
            .register(meters.registry()));
  }

  private void fleetCounter(String name, String help, ToDoubleFunction<SystemStatistics> count) {
    meters.kept(
        FunctionCounter.builder(name, this, all -> all.known(count))
            .description(help)
            .register(meters.registry()));
  }

  private double fleet(ToDoubleFunction<SystemStatistics> value) {
    SystemStatistics read = fleet;
    return read == null ? Double.NaN : value.applyAsDouble(read);
  }

  private double known(ToDoubleFunction<SystemStatistics> count) {
    SystemStatistics read = counted;
    return read == null ? 0 : count.applyAsDouble(read);
  }
}
