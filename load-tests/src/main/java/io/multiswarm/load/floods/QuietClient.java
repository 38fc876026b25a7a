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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A client that calls a little of everything, at its pace, whatever others do. */
final class QuietClient {

  private static final String ID = "quiet";
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(10);
  private static final int AT_ONCE = 60;

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

  /**
   * What the calls of some time took.
   *
   * @param latencies from when a call was due, also when those before it held it up
   * @param slowest what each method took at most once it was sent, in ns
   */
  record Calls(Latencies latencies, Map<String, Long> slowest, Tally failures) {

    private void answered(String method, long due, long sent, long now) {
      latencies.record(now - due);
      slowest.merge(method, now - sent, Math::max);
    }
  }

  private record Due(Request request, long since) {}

  Mono<Calls> calls(Duration duration) {
    var calls = new Calls(new Latencies(), new ConcurrentSkipListMap<>(), new Tally());
    long count = duration.dividedBy(BETWEEN_CALLS);
    return Flux.interval(BETWEEN_CALLS, context.clock())
        .take(count)
        .map(number -> new Due(REQUESTS.get((int) (number % REQUESTS.size())), now()))
        .onBackpressureBuffer((int) count)
        .flatMap(due -> call(due, calls), AT_ONCE)
        .then(Mono.just(calls));
  }

  private Mono<JsonNode> call(Due due, Calls calls) {
    Request request = due.request();
    long sent = now();
    return client
        .request(request.method(), request.params())
        .doOnNext(answer -> calls.answered(request.method(), due.since(), sent, now()))
        .onErrorResume(
            error -> {
              calls.failures.add(
                  request.method() + ": " + (error instanceof Fault fault ? fault.name() : error));
              return Mono.empty();
            });
  }

  private long now() {
    return context.clock().now(TimeUnit.NANOSECONDS);
  }

  Mono<Void> close() {
    return client.close().onErrorComplete();
  }
}
