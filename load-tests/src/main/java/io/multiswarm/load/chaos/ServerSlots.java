package io.multiswarm.load.chaos;

import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The servers, as far as they live. */
record ServerSlots(List<ServerSlot> all, Scheduler clock) {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  static ServerSlots of(ChaosScenario.Plan plan, URI redis, ScenarioContext context) {
    List<String> flags = new ArrayList<>(timings(plan.servers().lease()));
    flags.addAll(List.of("--redis-url", redis.toString()));
    flags.addAll(plan.servers().flags());
    Mono<ServerProcess> starting =
        ServerProcess.start(plan.servers().jar(), flags, context.http(), context.clock());
    List<ServerSlot> slots =
        IntStream.range(0, plan.servers().count())
            .mapToObj(number -> new ServerSlot(starting, context.http()))
            .toList();
    return new ServerSlots(slots, context.clock());
  }

  /** Who is dead is found to be within the lease. */
  private static List<String> timings(Duration lease) {
    String millis = lease.toMillis() + "ms";
    return List.of(
        "--leader-lease",
        millis,
        "--election-interval",
        lease.dividedBy(3).toMillis() + "ms",
        "--node-lease",
        millis,
        "--session-grace",
        millis);
  }

  Mono<Void> start() {
    return Flux.fromIterable(all).flatMap(ServerSlot::start).then();
  }

  /** Where to reach one of the servers, as soon as there is one. */
  Mono<URI> any() {
    return Mono.defer(() -> Mono.justOrEmpty(pick()))
        .repeatWhenEmpty(empty -> empty.delayElements(LOOK_AGAIN, clock));
  }

  private Optional<URI> pick() {
    List<URI> living = all.stream().flatMap(slot -> slot.url().stream()).toList();
    return living.isEmpty()
        ? Optional.empty()
        : Optional.of(living.get(ThreadLocalRandom.current().nextInt(living.size())));
  }

  /** Where the server of that id runs. */
  Optional<ServerSlot> of(String node) {
    return all.stream().filter(slot -> slot.is(node)).findFirst();
  }

  Mono<Void> close() {
    return Flux.fromIterable(all).flatMap(ServerSlot::kill).then();
  }
}
