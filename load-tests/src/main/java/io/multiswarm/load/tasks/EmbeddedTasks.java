package io.multiswarm.load.tasks;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Notification.Assignment;
import io.multiswarm.load.client.Notification.Stamp;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.scenario.StoredFleet;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The library in this process: one node that carries all the swarms, in a fleet of its own. */
final class EmbeddedTasks implements TaskRoad {

  private static final int SET_UP_AT_ONCE = 64;
  private static final Json RESULT = Json.trusted("{\"ok\":true}");

  private final StampedData data;
  private final Terms terms;
  private final StoredFleet fleet;
  private final MultiSwarmCoordination coordination;
  private final TaskNames names = new TaskNames();
  private final Map<String, Ownership> owners = new ConcurrentHashMap<>();
  private final Scheduler scheduler = Schedulers.newSingle("embedded", true);
  private final Disposable.Composite subscriptions = Disposables.composite();

  EmbeddedTasks(StampedData data, Terms terms, URI redis) {
    this.data = data;
    this.terms = terms;
    this.fleet = StoredFleet.in(redis);
    this.coordination =
        MultiSwarmCoordination.create(
            redis.toString(), CoordinationOptions.defaults().withFleet(fleet.name()));
  }

  @Override
  public String name() {
    return "embedded";
  }

  private static String swarm(int number) {
    return "s" + number;
  }

  @Override
  public Mono<List<Station>> open() {
    return coordination
        .initialize()
        .thenMany(Flux.range(0, terms.swarms()))
        .flatMap(this::create, SET_UP_AT_ONCE)
        .then(Mono.fromSupplier(() -> List.of((Station) new Node())));
  }

  private Mono<Ownership> create(int number) {
    Object metadata = terms.kinds().profile(number, terms.swarms()).get("metadata");
    NewSwarm swarm = NewSwarm.of("carry load").withId(swarm(number));
    return coordination
        .createSwarm(metadata == null ? swarm : swarm.withMetadata(Json.of(metadata)))
        .map(created -> created.coordinator().ownership())
        .doOnNext(owner -> owners.put(owner.swarmId(), owner));
  }

  @Override
  public Mono<String> describe(long task) {
    return coordination
        .tasks()
        .get(names.of(task))
        .map(found -> "accepted and not completed: " + found.toJson())
        .onErrorMap(CoordinationException.class, refusal -> fault("get", refusal));
  }

  @Override
  public Mono<Void> broken() {
    return Mono.never();
  }

  @Override
  public Mono<Void> close() {
    return Flux.fromIterable(owners.values())
        .flatMap(
            owner -> coordination.registry().deregister(owner, null).onErrorComplete(),
            SET_UP_AT_ONCE)
        .doOnSubscribe(any -> subscriptions.dispose())
        .then(coordination.shutdown())
        .then(Mono.defer(fleet::remove))
        .doFinally(end -> scheduler.dispose());
  }

  private static Fault fault(String call, CoordinationException refusal) {
    return new Fault(
        "embedded " + call, 0, refusal.code().name(), String.valueOf(refusal.getMessage()));
  }

  private final class Node extends SoleStation {

    Node() {
      super(IntStream.range(0, terms.swarms()).mapToObj(EmbeddedTasks::swarm).toList(), scheduler);
    }

    /** Its end is that of the swarm, which comes with the road's. */
    @Override
    public void listen(Consumer<Assignment> listener) {
      for (Ownership owner : owners.values()) {
        subscriptions.add(
            coordination
                .workers()
                .received(owner)
                .subscribe(given -> listener.accept(read(given)), end -> {}));
      }
    }

    private Assignment read(io.multiswarm.tasks.Assignment given) {
      return new Assignment(
          given.swarmId(), given.attempt(), Envelopes.stampOfTask(given.task().bytes()));
    }

    @Override
    public Mono<Void> submit(String from, Stamp stamp) {
      return Mono.defer(() -> coordination.tasks().submit(from, task(stamp)))
          .onErrorMap(CoordinationException.class, refusal -> fault("submit", refusal))
          .then();
    }

    private NewTask task(Stamp stamp) {
      long number = stamp.number();
      String strategy = terms.strategy();
      return NewTask.builder("carry load")
          .id(names.of(number))
          .strategy(strategy.isEmpty() ? null : strategy)
          .capabilities(terms.kinds().capabilities(number, terms.swarms()))
          .priority(terms.kinds().priority(number))
          .data(Json.trusted(data.write(stamp)))
          .build();
    }

    @Override
    public Mono<Void> request(String swarm, int n) {
      return Mono.defer(() -> coordination.workers().request(owner(swarm), n, true))
          .onErrorMap(CoordinationException.class, refusal -> fault("request", refusal))
          .then();
    }

    @Override
    public Mono<Void> complete(Assignment given) {
      String task = names.of(given.stamp().number());
      return Mono.defer(
              () ->
                  coordination
                      .workers()
                      .complete(owner(given.swarm()), task, given.attempt(), RESULT))
          .onErrorMap(CoordinationException.class, refusal -> fault("complete", refusal));
    }

    private Ownership owner(String swarm) {
      return Objects.requireNonNull(owners.get(swarm), swarm);
    }
  }
}
