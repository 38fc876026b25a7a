package io.multiswarm.load.messages;

import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiet;
import io.multiswarm.load.scenario.Stage;
import io.multiswarm.load.target.ServerHeap;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** One run of {@link SlowScenario}: the others alone, then beside the silent ones. */
final class SlowRun {

  private final SlowScenario.Plan plan;
  private final Stage stage;
  private final ServerHeap heap;
  private final StampedData data;

  SlowRun(SlowScenario.Plan plan, Stage stage, ServerHeap heap) {
    this.plan = plan;
    this.stage = stage;
    this.heap = heap;
    this.data = new StampedData(plan.payload());
  }

  /**
   * What the second part showed.
   *
   * @param unread messages that the silent ones had got when they began to read again
   * @param first the first offset that the history held then
   */
  record Silence(
      Observation observation, SilentSockets sockets, long heap, long unread, long first) {}

  Mono<Report> report() {
    return new Trip(plan.alone(), stage, plan.settle())
        .over(road())
        .zipWhen(alone -> heap.used())
        .zipWhen(
            alone -> beside(),
            (alone, silence) ->
                new SlowSummary(plan, alone.getT1().observation(), alone.getT2(), silence)
                    .report());
  }

  private WebSocketRoad road() {
    var size = new Fleet.Size(plan.others(), 1);
    return new WebSocketRoad(new Fleet(stage.http(), stage.url(), size, any -> Map.of()), data);
  }

  private Mono<Silence> beside() {
    var observation = new Observation(() -> stage.clock().now(TimeUnit.NANOSECONDS));
    var sockets = new SilentSockets(stage, plan.silent());
    return Mono.usingWhen(
        Mono.fromSupplier(this::road),
        road ->
            Mono.usingWhen(
                Mono.just(sockets),
                any ->
                    Mono.firstWithSignal(
                        silence(road, sockets, observation),
                        road.broken().then(Mono.<Silence>never())),
                SilentSockets::leave),
        WebSocketRoad::close);
  }

  private Mono<Silence> silence(Road road, SilentSockets sockets, Observation observation) {
    return road.open(observation)
        .delayUntil(lanes -> sockets.come(observation))
        .doOnNext(lanes -> stage.say("%n%d sockets read nothing%n", plan.silent()))
        .flatMap(
            lanes ->
                Progress.each(Duration.ofSeconds(1), stage, new ProgressLine(observation)::next)
                    .during(plan.beside().flow(lanes, road::channel, observation)))
        .then(heap.used())
        .zipWhen(used -> firstRetained())
        .map(
            seen ->
                new Silence(observation, sockets, seen.getT1(), sockets.delivered(), seen.getT2()))
        .delayUntil(silence -> readAgain(silence));
  }

  /** Nothing is published meanwhile, so that what the history holds is what it held. */
  private Mono<Void> readAgain(Silence silence) {
    var ledger = silence.observation().ledger();
    return Mono.fromRunnable(silence.sockets()::listen)
        .then(Quiet.reached(ledger::isQuiet, ledger::delivered, plan.settle(), stage.clock()));
  }

  private Mono<Long> firstRetained() {
    return Mono.usingWhen(
        SwarmClient.connect(stage.http(), stage.url()),
        client ->
            client
                .open()
                .then(
                    client.request(
                        "channel.history", Map.of("channel", WebSocketRoad.BROADCASTS, "limit", 1)))
                .map(page -> page.path("first").asLong()),
        client -> client.close().onErrorComplete());
  }
}
