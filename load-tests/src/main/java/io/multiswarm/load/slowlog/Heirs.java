package io.multiswarm.load.slowlog;

import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** On a new server: what the dead one left is interrupted, recovered, taken over and ended. */
record Heirs(SlowlogScenario.Plan plan, AtomicLong refused, URI url, ScenarioContext context) {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 16;
  private static final int MOST_AT_A_TIME = 10_000;

  Mono<Void> live(PhaseLog log) {
    return Mono.usingWhen(
        context.connector().connect(url),
        client -> client.open().then(live(new Caller(client, refused), log)),
        SwarmClient::close);
  }

  private Mono<Void> live(Caller caller, PhaseLog log) {
    Mono<Long> interrupted = caller.readAll("swarm.interrupted", "swarms", Map.of());
    Mono<Long> recovered =
        caller
            .call("stats.get", Map.of())
            .map(stats -> stats.at("/state/recoveriesPerformed").asLong());
    return log.begin("interruptions of all")
        .then(until(interrupted, plan.swarms()))
        .then(log.begin("recoveries"))
        .then(until(recovered, plan.large()))
        .then(log.begin("lists again"))
        .then(new LargeLists().read(caller))
        .then(log.begin("inheritance"))
        .then(inherit(caller))
        .then(log.begin("cancelling and reviving all"))
        .then(caller.call("task.cancelAll", all()).repeat(plan.lanes() / MOST_AT_A_TIME).then());
  }

  /** Those that changed are not matched again. */
  private static Map<String, Object> all() {
    return Map.of("status", "pending", "limit", MOST_AT_A_TIME);
  }

  /** Some are attached by whoever comes, with all that they have, and ended. */
  private Mono<Void> inherit(Caller caller) {
    return caller
        .call("swarm.interrupted", Map.of())
        .map(page -> ids(page))
        .flatMapMany(Flux::fromIterable)
        .flatMap(id -> inherit(Map.of("swarmId", id), caller), AT_ONCE)
        .then();
  }

  private static Mono<Void> inherit(Map<String, Object> of, Caller caller) {
    return caller
        .call("swarm.attach", Caller.with(of, "newKey", true))
        .then(caller.call("swarm.recover", of))
        .then(caller.call("swarm.deregister", of))
        .then();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("swarms").forEach(swarm -> ids.add(swarm.path("id").asString()));
    return ids;
  }

  private Mono<Void> until(Mono<Long> count, long enough) {
    return count
        .filter(now -> now >= enough)
        .repeatWhenEmpty(looks -> looks.delayElements(LOOK_AGAIN, context.clock()))
        .timeout(PATIENCE, context.clock())
        .then();
  }
}
