package io.multiswarm.load.messages;

import io.multiswarm.load.bare.BareScript;
import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.report.Ratios;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Letters between swarms through the server, and over bare Redis beside it when a comparison is
 * wanted.
 */
public final class MessagesScenario implements Scenario {

  /**
   * What is asked of the scenario.
   *
   * @param payload bytes of each message's data
   * @param settle how long nothing may arrive before what is missing counts as lost
   * @param roads what is measured, in this order
   */
  public record Plan(Fleet.Size size, Traffic traffic, int payload, Duration settle, Roads roads) {}

  /**
   * @param baseline bare Redis: {@code PUBLISH}, and a script that keeps a history
   * @param embedded the library in this process
   * @param webSocket the server
   */
  public record Roads(boolean baseline, boolean embedded, boolean webSocket) {}

  private final Plan plan;
  private final StampedData data;

  public MessagesScenario(Plan plan) {
    this.plan = plan;
    this.data = new StampedData(plan.payload());
  }

  /** Each road is built when the one before it has been left. */
  @Override
  public Mono<Report> run(Stage stage) {
    return Flux.fromIterable(roads(stage))
        .concatMap(road -> measured(road.get(), stage), 1)
        .collectList()
        .map(this::report);
  }

  @Override
  public Need need() {
    return plan.roads().webSocket() ? Need.SERVER : Need.REDIS;
  }

  private List<Supplier<Road>> roads(Stage stage) {
    List<Supplier<Road>> roads = new ArrayList<>();
    if (plan.roads().baseline()) {
      BareScript script = ScriptPublisher.script();
      roads.add(() -> BareRoad.plain(plan, stage.knownRedis()));
      roads.add(() -> BareRoad.script(plan, stage.knownRedis(), script));
    }
    if (plan.roads().embedded()) {
      // Built now and here: the library seeds its random ids, and no event loop should wait for
      // that.
      Road embedded = new EmbeddedRoad(plan, data, stage.knownRedis());
      roads.add(() -> embedded);
    }
    if (plan.roads().webSocket()) {
      roads.add(
          () ->
              new WebSocketRoad(
                  new Fleet(stage.http(), stage.url(), plan.size(), any -> Map.of()), data));
    }
    return roads;
  }

  private Mono<Trip.Result> measured(Road road, Stage stage) {
    return new Trip(plan.traffic(), stage, plan.settle()).over(road);
  }

  private Report report(List<Trip.Result> results) {
    var report = new Report("messages");
    results.forEach(result -> new TripSummary(result).addTo(report));
    new Ratios(results.stream().map(Trip.Result::measured).toList()).addTo(report);
    return report;
  }
}
