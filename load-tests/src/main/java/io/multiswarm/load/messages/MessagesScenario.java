package io.multiswarm.load.messages;

import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Messages between swarms through the server, and over bare Redis beside it when a comparison is
 * wanted.
 */
public final class MessagesScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param payload bytes of each message's data
   * @param settle how long nothing may arrive before what is missing counts as lost
   * @param transports what is measured, in this order
   */
  public record Plan(
      SimulatedSwarms.Size size,
      Traffic traffic,
      int payload,
      Duration settle,
      Transports transports) {}

  /**
   * @param baselines what the others are compared with
   * @param embedded the library in this process
   * @param webSocket the server
   */
  public record Transports(List<Transport.Factory> baselines, boolean embedded, boolean webSocket) {

    /** A server by its WebSocket, and nothing beside it. */
    public static final Transports WEBSOCKET = new Transports(List.of(), false, true);
  }

  private final Plan plan;
  private final StampedData data;

  public MessagesScenario(Plan plan) {
    this.plan = plan;
    this.data = new StampedData(plan.payload());
  }

  @Override
  public String promise() {
    return "Every message reaches each subscriber of its channel once and in order, or a"
        + " gap is announced.";
  }

  /** Each transport is built when the one before it has been left. */
  @Override
  public Mono<Report> run(ScenarioContext context) {
    return Flux.fromIterable(transports(context))
        .concatMap(transport -> measured(transport.get(), context), 1)
        .collectList()
        .map(results -> report(results, context));
  }

  @Override
  public Need need() {
    return plan.transports().webSocket() ? Need.SERVER : Need.REDIS;
  }

  private List<Supplier<Transport>> transports(ScenarioContext context) {
    List<Supplier<Transport>> transports = new ArrayList<>();
    for (Transport.Factory baseline : plan.transports().baselines()) {
      transports.add(() -> baseline.over(plan.size(), plan.payload(), context.knownRedis()));
    }
    if (plan.transports().embedded()) {
      // Built now and here: the library seeds its random ids, and no event loop should wait for
      // that.
      Transport embedded = new EmbeddedTransport(plan, data, context.knownRedis());
      transports.add(() -> embedded);
    }
    if (plan.transports().webSocket()) {
      transports.add(
          () ->
              new WebSocketTransport(
                  new SimulatedSwarms(
                      context.connector(), context.doors(), plan.size(), any -> Map.of()),
                  data));
    }
    return transports;
  }

  private Mono<MessageRun.Result> measured(Transport transport, ScenarioContext context) {
    return new MessageRun(plan.traffic(), context, plan.settle()).over(transport);
  }

  private Report report(List<MessageRun.Result> results, ScenarioContext context) {
    var report = new Report("messages");
    context.addPlaces(plan.size().sessions(), report);
    results.forEach(result -> new MessageRunSummary(result).addTo(report));
    new Ratios(results.stream().map(MessageRun.Result::measured).toList()).addTo(report);
    return report;
  }
}
