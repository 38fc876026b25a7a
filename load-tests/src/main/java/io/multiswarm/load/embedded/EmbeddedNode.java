package io.multiswarm.load.embedded;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ownership;
import io.multiswarm.load.client.Fault;
import io.multiswarm.registry.NewSwarm;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One node that carries all the swarms of a run, in a fleet of its own. Swarms are numbered. */
public final class EmbeddedNode {

  private static final int SWARMS_AT_ONCE = 64;

  private final StoredFleet fleet;
  private final MultiSwarmCoordination coordination;
  private final Map<String, Ownership> owners = new ConcurrentHashMap<>();
  private final Scheduler scheduler = Schedulers.newSingle("embedded", true);
  private final Disposable.Composite subscriptions = Disposables.composite();

  public EmbeddedNode(URI redis) {
    this.fleet = StoredFleet.in(redis);
    this.coordination =
        MultiSwarmCoordination.create(
            redis.toString(), CoordinationOptions.defaults().withFleet(fleet.name()));
  }

  /** The id of a swarm. */
  public static String swarm(int number) {
    return "s" + number;
  }

  public static NewSwarm newSwarm(int number) {
    return NewSwarm.of("carry load").withId(swarm(number));
  }

  /** Connects, and registers the swarms. */
  public Mono<Void> open(Flux<NewSwarm> swarms) {
    return coordination
        .initialize()
        .thenMany(swarms)
        .flatMap(coordination::createSwarm, SWARMS_AT_ONCE)
        .map(created -> created.coordinator().ownership())
        .doOnNext(owner -> owners.put(owner.swarmId(), owner))
        .then();
  }

  public MultiSwarmCoordination coordination() {
    return coordination;
  }

  /** The thread on which load is made. */
  public Scheduler scheduler() {
    return scheduler;
  }

  public Ownership owner(String swarm) {
    return Objects.requireNonNull(owners.get(swarm), swarm);
  }

  public Collection<Ownership> owners() {
    return owners.values();
  }

  /** Ends the subscription with the node. */
  public void hold(Disposable subscription) {
    subscriptions.add(subscription);
  }

  /** Deregisters the swarms, and leaves nothing in Redis. */
  public Mono<Void> close() {
    return Flux.fromIterable(owners.values())
        .flatMap(
            owner -> coordination.registry().deregister(owner, null).onErrorComplete(),
            SWARMS_AT_ONCE)
        .doOnSubscribe(any -> subscriptions.dispose())
        .then(coordination.shutdown())
        .then(Mono.defer(fleet::remove))
        .doFinally(end -> scheduler.dispose());
  }

  /** Makes of a call's refusal what a server's would be. */
  public static Function<CoordinationException, Fault> fault(String call) {
    return refusal ->
        new Fault(
            "embedded " + call, 0, refusal.code().name(), String.valueOf(refusal.getMessage()));
  }
}
