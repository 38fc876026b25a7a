package io.multiswarm.load.messages;

import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiescence;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerHeap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** One run of {@link SlowScenario}: the others alone, then beside the silent ones. */
final class SlowRun {

  private final SlowScenario.Plan plan;
  private final ScenarioContext context;
  private final ServerHeap heap;
  private final StampedData data;

  SlowRun(SlowScenario.Plan plan, ScenarioContext context, ServerHeap heap) {
    this.plan = plan;
    this.context = context;
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
    return new MessageRun(plan.alone(), context, plan.settle())
        .over(transport())
        .zipWhen(alone -> heap.used())
        .zipWhen(
            alone -> beside(),
            (alone, silence) ->
                new SlowSummary(plan, alone.getT1().observation(), alone.getT2(), silence)
                    .report());
  }

  private WebSocketTransport transport() {
    var size = new SimulatedSwarms.Size(plan.others(), 1);
    return new WebSocketTransport(
        new SimulatedSwarms(context.connector(), context.url(), size, any -> Map.of()), data);
  }

  private Mono<Silence> beside() {
    var observation = new Observation(() -> context.clock().now(TimeUnit.NANOSECONDS));
    var sockets = new SilentSockets(context, plan.silent());
    return Mono.usingWhen(
        Mono.fromSupplier(this::transport),
        transport ->
            Mono.usingWhen(
                Mono.just(sockets),
                any ->
                    Mono.firstWithSignal(
                        silence(transport, sockets, observation),
                        transport.broken().then(Mono.<Silence>never())),
                SilentSockets::leave),
        WebSocketTransport::close);
  }

  private Mono<Silence> silence(
      Transport transport, SilentSockets sockets, Observation observation) {
    return transport
        .open(observation)
        .delayUntil(connections -> sockets.come(observation))
        .doOnNext(connections -> context.say("%n%d sockets read nothing%n", plan.silent()))
        .flatMap(
            connections ->
                Progress.eachSecond(
                        plan.beside().pace().duration(),
                        context,
                        new MessageProgress(observation, context)::next)
                    .during(plan.beside().flow(connections, transport::channel, observation)))
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
        .then(
            Quiescence.reached(ledger::isQuiet, ledger::delivered, plan.settle(), context.clock()));
  }

  private Mono<Long> firstRetained() {
    return Mono.usingWhen(
        context.connector().connect(context.url()),
        client ->
            client
                .open()
                .then(
                    client.request(
                        "channel.history",
                        Map.of("channel", WebSocketTransport.BROADCASTS, "limit", 1)))
                .map(page -> page.path("first").asLong()),
        client -> client.close().onErrorComplete());
  }
}
