package io.multiswarm.load.floods;

import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The swarm that floods are about: its channel has a full history, and it submits tasks. */
final class Victim {

  private static final int MESSAGES = 60;
  private static final int MESSAGE = 64_000;
  private static final int TASKS = 500;
  private static final Duration BETWEEN_BATCHES = Duration.ofMillis(250);

  private final SwarmClient client;

  private Victim(SwarmClient client) {
    this.client = client;
  }

  static Mono<Victim> connect(ScenarioContext context, URI url) {
    return context
        .connector()
        .connect(url)
        .flatMap(
            client ->
                client
                    .open()
                    .then(
                        client.request(
                            "swarm.create",
                            Map.of("id", FloodKinds.VICTIM, "objective", "be flooded")))
                    .thenMany(Flux.range(0, MESSAGES).concatMap(i -> message(client)))
                    .then(Mono.just(new Victim(client))));
  }

  private static Mono<?> message(SwarmClient client) {
    return client.request(
        "message.send",
        Map.of(
            "from",
            FloodKinds.VICTIM,
            "to",
            FloodKinds.VICTIM,
            "type",
            "t",
            "data",
            "x".repeat(MESSAGE)));
  }

  /** Submits tasks without end. */
  Mono<Void> submits(ScenarioContext context) {
    var tasks =
        IntStream.range(0, TASKS)
            .mapToObj(i -> Map.of("description", "watched", "capabilities", new String[] {"none"}))
            .toList();
    return Flux.interval(BETWEEN_BATCHES, context.clock())
        .onBackpressureDrop()
        .concatMap(
            tick ->
                client
                    .request("task.submitBatch", Map.of("from", FloodKinds.VICTIM, "tasks", tasks))
                    .onErrorComplete(),
            1)
        .then();
  }

  Mono<Void> close() {
    return client.close().onErrorComplete();
  }
}
