package io.multiswarm.load.faults;

import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The servers, as far as they live. */
public record ServerSlots(List<ServerSlot> all, Scheduler clock) {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /**
   * Places for the servers of a plan; none runs yet.
   *
   * @param ways by which they reach Redis, in turn
   */
  public static ServerSlots of(ServerPlan plan, List<URI> ways, ScenarioContext context) {
    List<ServerSlot> slots =
        IntStream.range(0, plan.count())
            .mapToObj(number -> slot(plan, ways.get(number % ways.size()), context))
            .toList();
    return new ServerSlots(slots, context.clock());
  }

  private static ServerSlot slot(ServerPlan plan, URI redis, ScenarioContext context) {
    return new ServerSlot(plan.start(redis, context), context.connector());
  }

  public Mono<Void> start() {
    return Flux.fromIterable(all).flatMap(ServerSlot::start).then();
  }

  /** Where to reach one of the servers, as soon as there is one. */
  public Mono<URI> any() {
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
  public Optional<ServerSlot> of(String node) {
    return all.stream().filter(slot -> slot.is(node)).findFirst();
  }

  public Mono<Void> close() {
    return Flux.fromIterable(all).flatMap(ServerSlot::kill).then();
  }
}
