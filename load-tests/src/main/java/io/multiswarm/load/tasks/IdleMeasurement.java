package io.multiswarm.load.tasks;

import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a system costs in which tasks wait and nobody has asked for any; and how soon one is there
 * when somebody does. Confined to the time before the load.
 */
final class IdleMeasurement {

  private static final int TRIES = 100;

  /** Twice as many as are asked for, so that there is one of each kind for the last, too. */
  static final int TASKS = 2 * TRIES;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<TaskSession> sessions;
  private final List<Worker> workers;
  private final TaskObservation seen;
  private final ScenarioContext context;

  /** What was seen. */
  record Result(double seconds, Costs aSecond, Latencies fromCreditToTask) {}

  /**
   * @param workers of the sessions, in the same order
   */
  IdleMeasurement(
      List<TaskSession> sessions,
      List<Worker> workers,
      TaskObservation seen,
      ScenarioContext context) {
    this.sessions = sessions;
    this.workers = workers;
    this.seen = seen;
    this.context = context;
  }

  Mono<Result> run(Duration rest) {
    var latencies = new Latencies();
    return Flux.range(0, TASKS)
        .concatMap(this::submit)
        .then(Mono.delay(BETWEEN_TRIES, context.clock()))
        .then(Mono.defer(() -> CostMeter.start(context)))
        .delayUntil(meter -> Mono.delay(rest, context.clock()))
        .flatMap(meter -> meter.perThing(Math.max(1, rest.toSeconds())))
        .delayUntil(costs -> tries(latencies))
        .map(
            costs ->
                new Result(
                    rest.toMillis() / (double) TimeUnit.SECONDS.toMillis(1), costs, latencies));
  }

  private Mono<Void> submit(int number) {
    TaskSession session = sessions.get(number % sessions.size());
    var stamp = new Stamp(session.index(), number, seen.nanoTime());
    seen.submitted();
    return session.submit(session.swarms().get(0), stamp).doOnSuccess(done -> seen.accepted(stamp));
  }

  private Mono<Void> tries(Latencies latencies) {
    return Flux.range(0, TRIES)
        .concatMap(
            number ->
                Mono.delay(BETWEEN_TRIES, context.clock())
                    .then(Mono.defer(() -> ask(number)))
                    .doOnNext(latencies::record))
        .then();
  }

  private Mono<Long> ask(int number) {
    int session = number % sessions.size();
    int swarm = number / sessions.size() % sessions.get(session).swarms().size();
    return workers
        .get(session)
        .askForOne(swarm)
        .timeout(
            PATIENCE,
            Mono.error(
                () ->
                    new IllegalStateException(
                        "A swarm asked for a task, of which some were waiting, and got none")),
            context.clock());
  }
}
