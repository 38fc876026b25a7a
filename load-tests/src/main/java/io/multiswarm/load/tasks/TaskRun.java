package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiet;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run over one road: everybody at work, everybody submitting, then the reckoning. */
final class TaskRun {

  private static final int MOST_HELD = 5;

  private final TasksScenario.Plan plan;
  private final Terms terms;
  private final TaskRoad road;
  private final Stage stage;
  private final TaskObservation seen;

  /**
   * What a run showed.
   *
   * @param held what is known of tasks that were not completed
   */
  record Result(
      String road,
      TaskObservation seen,
      Optional<IdleTrial.Result> idle,
      Costs costs,
      List<String> held) {

    double tasksPerSecond() {
      return seen.completed().total().count() / seen.measuredSeconds();
    }

    /** For the comparison with the other roads. */
    Ratios.Measured measured() {
      Percentiles assigned = seen.assigned().total();
      Percentiles completed = seen.completed().total();
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("tasks", tasksPerSecond());
      values.put("p50", completed.p50());
      values.put("p99", completed.p99());
      values.put("p50 to assigned", assigned.p50());
      values.put("p99 to assigned", assigned.p99());
      values.put("CPU of redis", costs.micros().getOrDefault("redis", 0.0));
      return new Ratios.Measured(road, road.equals(BareTasks.NAME), values);
    }
  }

  TaskRun(TasksScenario.Plan plan, Terms terms, TaskRoad road, Stage stage) {
    this.plan = plan;
    this.terms = terms;
    this.road = road;
    this.stage = stage;
    this.seen =
        new TaskObservation(() -> stage.clock().now(TimeUnit.NANOSECONDS), plan.size().swarms());
  }

  Mono<Result> result() {
    return Mono.usingWhen(
        Mono.just(road),
        any -> Mono.firstWithSignal(opened().flatMap(this::at), broken()),
        TaskRoad::close);
  }

  /**
   * In the order of their indexes, by which finished tasks are told to those who submitted them.
   */
  private Mono<List<Station>> opened() {
    return road.open()
        .map(
            stations ->
                stations.stream()
                    .sorted(Comparator.comparingInt(Station::index))
                    .map(one -> (Station) new Repeating(one, seen))
                    .toList());
  }

  private Mono<Result> broken() {
    return road.broken().then(Mono.never());
  }

  private Mono<Result> at(List<Station> stations) {
    stage.say(
        "%n%s: %,d swarms at %,d stations%n", road.name(), plan.size().swarms(), stations.size());
    List<Worker> workers =
        stations.stream().map(station -> new Worker(station, plan.work(), terms, seen)).toList();
    workers.forEach(Worker::listen);
    return idle(stations, workers)
        .flatMap(idle -> begin(workers).then(Mono.defer(() -> measured(stations, idle))));
  }

  private Mono<Optional<IdleTrial.Result>> idle(List<Station> stations, List<Worker> workers) {
    return plan.idle().isZero()
        ? Mono.just(Optional.empty())
        : new IdleTrial(stations, workers, seen, stage).run(plan.idle()).map(Optional::of);
  }

  private static Mono<Void> begin(List<Worker> workers) {
    return Flux.fromIterable(workers).flatMap(Worker::begin).then();
  }

  /** Costs are those after the warm-up, in which much of the work is the compiler's. */
  private Mono<Result> measured(List<Station> stations, Optional<IdleTrial.Result> idle) {
    Mono<Metered> metered =
        Mono.delay(plan.load().warmup(), stage.clock())
            .then(Mono.defer(() -> CostMeter.start(stage)))
            .map(meter -> new Metered(meter, seen.ledger().completed()));
    return Mono.zip(metered, flow(stations).thenReturn(stations))
        .flatMap(ended -> Mono.zip(costs(ended.getT1()), held()))
        .map(found -> new Result(road.name(), seen, idle, found.getT1(), found.getT2()));
  }

  private record Metered(CostMeter meter, long before) {}

  private Mono<Costs> costs(Metered metered) {
    return metered.meter().perThing(seen.ledger().completed() - metered.before());
  }

  private Mono<Void> flow(List<Station> stations) {
    Mono<Void> quiet =
        Quiet.reached(
            seen.ledger()::isQuiet, seen.ledger()::completed, plan.settle(), stage.clock());
    return Progress.each(Duration.ofSeconds(1), stage, new TaskProgress(seen)::next)
        .during(submissions(stations).then(quiet));
  }

  private Mono<Void> submissions(List<Station> stations) {
    long start = seen.nanoTime();
    seen.measureFrom(start + plan.load().warmup().toNanos());
    int first = plan.idle().isZero() ? 0 : IdleTrial.TASKS;
    int unfinished = Math.max(1, plan.load().unfinished() / stations.size());
    List<Submitter> submitters =
        IntStream.range(0, stations.size())
            .mapToObj(
                i ->
                    new Submitter(
                        stations.get(i),
                        seen,
                        plan.load().pace().share(i, stations.size()),
                        first,
                        unfinished))
            .toList();
    seen.whenFinished(station -> submitters.get(station).finished());
    return Flux.fromIterable(submitters)
        .flatMap(submitter -> submitter.submit(start), submitters.size())
        .then();
  }

  private Mono<List<String>> held() {
    return Flux.defer(() -> Flux.fromIterable(seen.ledger().openTasks(MOST_HELD)))
        .concatMap(
            task ->
                road.describe(task)
                    .onErrorResume(
                        Fault.class,
                        fault -> Mono.just("task %d: %s".formatted(task, fault.getMessage()))))
        .collectList();
  }
}
