package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiescence;
import io.multiswarm.load.scenario.ScenarioContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run over one transport: everybody at work, everybody submitting, then the reckoning. */
final class TaskRun {

  private static final int MOST_HELD = 5;

  private final TasksScenario.Plan plan;
  private final TaskTerms terms;
  private final TaskTransport transport;
  private final ScenarioContext context;
  private final TaskObservation seen;

  /**
   * What a run showed.
   *
   * @param held what is known of tasks that were not completed
   */
  record Result(
      String transport,
      boolean baseline,
      TaskObservation seen,
      Optional<IdleMeasurement.Result> idle,
      Costs costs,
      List<String> held) {

    double tasksPerSecond() {
      return seen.completed().total().count() / seen.measuredSeconds();
    }

    /** For the comparison with the other transports. */
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
      return new Ratios.Measured(transport, baseline, values);
    }
  }

  TaskRun(
      TasksScenario.Plan plan, TaskTerms terms, TaskTransport transport, ScenarioContext context) {
    this.plan = plan;
    this.terms = terms;
    this.transport = transport;
    this.context = context;
    this.seen =
        new TaskObservation(() -> context.clock().now(TimeUnit.NANOSECONDS), plan.size().swarms());
  }

  Mono<Result> result() {
    return Mono.usingWhen(
        Mono.just(transport),
        any -> Mono.firstWithSignal(opened().flatMap(this::at), broken()),
        TaskTransport::close);
  }

  /**
   * In the order of their indexes, by which finished tasks are told to those who submitted them.
   */
  private Mono<List<TaskSession>> opened() {
    return transport
        .open()
        .map(
            sessions ->
                sessions.stream()
                    .sorted(Comparator.comparingInt(TaskSession::index))
                    .map(one -> (TaskSession) new RetryingTaskSession(one, seen))
                    .toList());
  }

  private Mono<Result> broken() {
    return transport.broken().then(Mono.never());
  }

  private Mono<Result> at(List<TaskSession> sessions) {
    context.say(
        "%n%s: %,d swarms at %,d sessions%n",
        transport.name(), plan.size().swarms(), sessions.size());
    List<Worker> workers =
        sessions.stream().map(session -> new Worker(session, plan.work(), terms, seen)).toList();
    workers.forEach(Worker::listen);
    return idle(sessions, workers)
        .flatMap(idle -> begin(workers).then(Mono.defer(() -> measured(sessions, idle))));
  }

  private Mono<Optional<IdleMeasurement.Result>> idle(
      List<TaskSession> sessions, List<Worker> workers) {
    return plan.idle().isZero()
        ? Mono.just(Optional.empty())
        : new IdleMeasurement(sessions, workers, seen, context).run(plan.idle()).map(Optional::of);
  }

  private static Mono<Void> begin(List<Worker> workers) {
    return Flux.fromIterable(workers).flatMap(Worker::begin).then();
  }

  /** Costs are those after the warm-up, in which much of the work is the compiler's. */
  private Mono<Result> measured(List<TaskSession> sessions, Optional<IdleMeasurement.Result> idle) {
    Mono<Metered> metered =
        Mono.delay(plan.load().warmup(), context.clock())
            .then(Mono.defer(() -> CostMeter.start(context)))
            .map(meter -> new Metered(meter, seen.ledger().completed()));
    return Mono.zip(metered, flow(sessions).thenReturn(sessions))
        .flatMap(ended -> Mono.zip(costs(ended.getT1()), held()))
        .map(
            found ->
                new Result(
                    transport.name(),
                    transport.isBaseline(),
                    seen,
                    idle,
                    found.getT1(),
                    found.getT2()));
  }

  private record Metered(CostMeter meter, long before) {}

  private Mono<Costs> costs(Metered metered) {
    return metered.meter().perThing(seen.ledger().completed() - metered.before());
  }

  private Mono<Void> flow(List<TaskSession> sessions) {
    Mono<Void> quiet =
        Quiescence.reached(
            seen.ledger()::isQuiet, seen.ledger()::completed, plan.settle(), context.clock());
    return Progress.eachSecond(
            plan.load().pace().duration(), context, new TaskProgress(seen, context)::next)
        .during(submissions(sessions).then(quiet));
  }

  private Mono<Void> submissions(List<TaskSession> sessions) {
    long start = seen.nanoTime();
    seen.measureFrom(start + plan.load().warmup().toNanos());
    int first = plan.idle().isZero() ? 0 : IdleMeasurement.TASKS;
    int unfinished = Math.max(1, plan.load().unfinished() / sessions.size());
    List<Submitter> submitters =
        IntStream.range(0, sessions.size())
            .mapToObj(
                i ->
                    new Submitter(
                        sessions.get(i),
                        seen,
                        plan.load().pace().share(i, sessions.size()),
                        first,
                        unfinished))
            .toList();
    seen.whenFinished(session -> submitters.get(session).finished());
    return Flux.fromIterable(submitters)
        .flatMap(submitter -> submitter.submit(start), submitters.size())
        .then();
  }

  private Mono<List<String>> held() {
    return Flux.defer(() -> Flux.fromIterable(seen.ledger().openTasks(MOST_HELD)))
        .concatMap(
            task ->
                transport
                    .describe(task)
                    .onErrorResume(
                        Fault.class,
                        fault -> Mono.just("task %d: %s".formatted(task, fault.getMessage()))))
        .collectList();
  }
}
