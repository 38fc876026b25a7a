package io.multiswarm.load.messages;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.scenario.CostMeter;
import io.multiswarm.load.scenario.CostMeter.Costs;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiescence;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Traffic over one transport, from opening it to closing it, with everything that is seen on the
 * way.
 */
final class MessageRun {

  private final Traffic traffic;
  private final ScenarioContext context;
  private final Duration settle;

  /**
   * @param settle how long nothing may arrive before what is missing counts as lost
   */
  MessageRun(Traffic traffic, ScenarioContext context, Duration settle) {
    this.traffic = traffic;
    this.context = context;
    this.settle = settle;
  }

  /** What a run showed. */
  record Result(String transport, boolean baseline, Observation observation, Costs costs) {

    double messagesPerSecond() {
      return observation.acknowledged().total().count() / observation.measuredSeconds();
    }

    double deliveriesPerSecond() {
      return observation.all().total().count() / observation.measuredSeconds();
    }

    /** For the comparison with the other transports. */
    Ratios.Measured measured() {
      Percentiles delivery = observation.targeted().total();
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("messages", messagesPerSecond());
      values.put("p50", delivery.p50());
      values.put("p99", delivery.p99());
      return new Ratios.Measured(transport, baseline, values);
    }
  }

  Mono<Result> over(Transport transport) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Observation(() -> context.clock().now(TimeUnit.NANOSECONDS))),
        observation -> Mono.firstWithSignal(travel(transport, observation), broken(transport)),
        observation -> transport.close());
  }

  private static Mono<Result> broken(Transport transport) {
    return transport.broken().then(Mono.never());
  }

  private Mono<Result> travel(Transport transport, Observation observation) {
    return transport
        .open(observation)
        .doOnNext(connections -> announce(transport, connections))
        .flatMap(connections -> measured(transport, connections, observation));
  }

  private void announce(Transport transport, List<SenderConnection> connections) {
    context.say("%n%s: %d connections, %s%n", transport.name(), connections.size(), traffic.mix());
  }

  /** Costs are those after the warm-up, in which much of the work is the compiler's. */
  private Mono<Result> measured(
      Transport transport, List<SenderConnection> connections, Observation observation) {
    Mono<Metered> metered =
        Mono.delay(traffic.warmup(), context.clock())
            .then(Mono.defer(() -> CostMeter.start(context)))
            .map(meter -> new Metered(meter, observation.accepted()));
    Mono<Void> flow =
        Progress.eachSecond(
                traffic.pace().duration(), context, new MessageProgress(observation, context)::next)
            .during(
                traffic
                    .flow(connections, transport::channel, observation)
                    .then(settled(observation)));
    return Mono.zip(metered, flow.thenReturn(connections))
        .flatMap(
            ended -> ended.getT1().meter.perThing(observation.accepted() - ended.getT1().before))
        .map(costs -> new Result(transport.name(), transport.isBaseline(), observation, costs));
  }

  private record Metered(CostMeter meter, long before) {}

  /** Completes when all that was accepted has arrived, or nothing more arrives. */
  private Mono<Void> settled(Observation observation) {
    return Quiescence.reached(
        observation.ledger()::isQuiet, observation::delivered, settle, context.clock());
  }
}
