package io.multiswarm.load.messages;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiet;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Traffic over one road, from opening it to closing it, with everything that is seen on the way.
 */
final class Trip {

  private final Traffic traffic;
  private final Stage stage;
  private final Duration settle;

  /**
   * @param settle how long nothing may arrive before what is missing counts as lost
   */
  Trip(Traffic traffic, Stage stage, Duration settle) {
    this.traffic = traffic;
    this.stage = stage;
    this.settle = settle;
  }

  /** What a trip showed. */
  record Result(String road, Observation observation, Costs costs) {

    double messagesPerSecond() {
      return observation.acknowledged().total().count() / observation.measuredSeconds();
    }

    double deliveriesPerSecond() {
      return observation.all().total().count() / observation.measuredSeconds();
    }

    /** For the comparison with the other roads. */
    Ratios.Measured measured() {
      Percentiles delivery = observation.targeted().total();
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("messages", messagesPerSecond());
      values.put("p50", delivery.p50());
      values.put("p99", delivery.p99());
      return new Ratios.Measured(road, road.startsWith(BareRoad.NAME), values);
    }
  }

  Mono<Result> over(Road road) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Observation(() -> stage.clock().now(TimeUnit.NANOSECONDS))),
        observation -> Mono.firstWithSignal(travel(road, observation), broken(road)),
        observation -> road.close());
  }

  private static Mono<Result> broken(Road road) {
    return road.broken().then(Mono.never());
  }

  private Mono<Result> travel(Road road, Observation observation) {
    return road.open(observation)
        .doOnNext(lanes -> announce(road, lanes))
        .flatMap(
            lanes ->
                CostMeter.start(stage).flatMap(meter -> measured(road, lanes, observation, meter)));
  }

  private void announce(Road road, List<Lane> lanes) {
    stage.say("%n%s: %d lanes, %s%n", road.name(), lanes.size(), traffic.mix());
  }

  private Mono<Result> measured(
      Road road, List<Lane> lanes, Observation observation, CostMeter meter) {
    return Progress.each(Duration.ofSeconds(1), stage, new ProgressLine(observation)::next)
        .during(traffic.flow(lanes, road::channel, observation).then(settled(observation)))
        .then(Mono.defer(() -> meter.perThing(observation.accepted())))
        .map(costs -> new Result(road.name(), observation, costs));
  }

  /** Completes when all that was accepted has arrived, or nothing more arrives. */
  private Mono<Void> settled(Observation observation) {
    return Quiet.reached(
        observation.ledger()::isQuiet, observation::delivered, settle, stage.clock());
  }
}
