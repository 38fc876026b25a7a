package io.multiswarm.load.floods;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A client that calls a little of everything, at its pace, whatever others do. */
final class QuietClient {

  private static final String ID = "quiet";
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(10);
  private static final int AT_ONCE = 32;

  private record Request(String method, Map<String, Object> params) {}

  private static final List<Request> REQUESTS =
      List.of(
          new Request("session.ping", Map.of()),
          new Request("swarm.get", Map.of("swarmId", ID)),
          new Request("message.send", Map.of("from", ID, "to", ID, "type", "t", "data", "x")),
          new Request("state.save", Map.of("swarmId", ID, "state", Map.of("a", 1))),
          new Request("state.load", Map.of("swarmId", ID)),
          new Request("channel.history", Map.of("channel", "swarm:" + ID, "limit", 5)));

  private final ScenarioContext context;
  private final SwarmClient client;

  private QuietClient(ScenarioContext context, SwarmClient client) {
    this.context = context;
    this.client = client;
  }

  static Mono<QuietClient> connect(ScenarioContext context, URI url) {
    return context
        .connector()
        .connect(url)
        .flatMap(
            client ->
                client
                    .open()
                    .then(client.request("swarm.create", Map.of("id", ID, "objective", "be quiet")))
                    .thenReturn(new QuietClient(context, client)));
  }

  /** What the calls of some time took, and how some failed. */
  record Calls(Latencies latencies, Tally failures) {}

  Mono<Calls> calls(Duration duration) {
    var calls = new Calls(new Latencies(), new Tally());
    long count = duration.dividedBy(BETWEEN_CALLS);
    return Flux.interval(BETWEEN_CALLS, context.clock())
        .take(count)
        .onBackpressureBuffer((int) count)
        .flatMap(number -> call(number, calls), AT_ONCE)
        .then(Mono.just(calls));
  }

  private Mono<JsonNode> call(long number, Calls calls) {
    Request request = REQUESTS.get((int) (number % REQUESTS.size()));
    return Mono.defer(
        () -> {
          long begun = context.clock().now(TimeUnit.NANOSECONDS);
          return client
              .request(request.method(), request.params())
              .doOnNext(
                  answer ->
                      calls.latencies.record(context.clock().now(TimeUnit.NANOSECONDS) - begun))
              .onErrorResume(
                  error -> {
                    calls.failures.add(
                        request.method()
                            + ": "
                            + (error instanceof Fault fault ? fault.name() : error));
                    return Mono.empty();
                  });
        });
  }

  Mono<Void> close() {
    return client.close().onErrorComplete();
  }
}
