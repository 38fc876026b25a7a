package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Notification.Stamp;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a system costs in which tasks wait and nobody has asked for any; and how soon one is there
 * when somebody does. Confined to the time before the load.
 */
final class IdleTrial {

  private static final int TRIES = 100;

  /** Twice as many as are asked for, so that there is one of each kind for the last, too. */
  static final int TASKS = 2 * TRIES;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Station> stations;
  private final List<Worker> workers;
  private final TaskObservation seen;
  private final Stage stage;

  /** What was seen. */
  record Result(double seconds, Costs aSecond, Latencies fromCreditToTask) {}

  /**
   * @param workers of the stations, in the same order
   */
  IdleTrial(List<Station> stations, List<Worker> workers, TaskObservation seen, Stage stage) {
    this.stations = stations;
    this.workers = workers;
    this.seen = seen;
    this.stage = stage;
  }

  Mono<Result> run(Duration rest) {
    var latencies = new Latencies();
    return Flux.range(0, TASKS)
        .concatMap(this::submit)
        .then(Mono.delay(BETWEEN_TRIES, stage.clock()))
        .then(Mono.defer(() -> CostMeter.start(stage)))
        .delayUntil(meter -> Mono.delay(rest, stage.clock()))
        .flatMap(meter -> meter.perThing(Math.max(1, rest.toSeconds())))
        .delayUntil(costs -> tries(latencies))
        .map(
            costs ->
                new Result(
                    rest.toMillis() / (double) TimeUnit.SECONDS.toMillis(1), costs, latencies));
  }

  private Mono<Void> submit(int number) {
    Station station = stations.get(number % stations.size());
    var stamp = new Stamp(station.index(), number, seen.nanoTime());
    seen.submitted();
    return station.submit(station.swarms().get(0), stamp).doOnSuccess(done -> seen.accepted(stamp));
  }

  private Mono<Void> tries(Latencies latencies) {
    return Flux.range(0, TRIES)
        .concatMap(
            number ->
                Mono.delay(BETWEEN_TRIES, stage.clock())
                    .then(Mono.defer(() -> ask(number)))
                    .doOnNext(latencies::record))
        .then();
  }

  private Mono<Long> ask(int number) {
    int station = number % stations.size();
    int swarm = number / stations.size() % stations.get(station).swarms().size();
    return workers
        .get(station)
        .askForOne(swarm)
        .timeout(
            PATIENCE,
            Mono.error(
                () ->
                    new IllegalStateException(
                        "A swarm asked for a task, of which some were waiting, and got none")),
            stage.clock());
  }
}
