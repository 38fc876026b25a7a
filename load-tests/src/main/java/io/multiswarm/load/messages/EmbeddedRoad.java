package io.multiswarm.load.messages;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Notification.Delivery;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.judge.Position;
import io.multiswarm.load.judge.SubscriptionLedger;
import io.multiswarm.load.scenario.StoredFleet;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Published;
import io.multiswarm.registry.NewSwarm;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The library in this process: one node that carries all the swarms, in a fleet of its own. A
 * broadcast has a single listener here.
 */
final class EmbeddedRoad implements Road {

  private static final int CALLS_AT_ONCE = 32;
  private static final String BROADCASTS = "swarm:global";

  private final MessagesScenario.Plan plan;
  private final StampedData data;
  private final StoredFleet fleet;
  private final MultiSwarmCoordination coordination;
  private final Scheduler scheduler = Schedulers.newSingle("embedded", true);
  private final Disposable.Composite subscriptions = Disposables.composite();

  EmbeddedRoad(MessagesScenario.Plan plan, StampedData data, URI redis) {
    this.plan = plan;
    this.data = data;
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
  public String channel(Letter letter) {
    return letter.isForEverybody() ? BROADCASTS : "swarm:" + swarm(letter.to());
  }

  @Override
  public Mono<List<Lane>> open(Observation observation) {
    return coordination
        .initialize()
        .thenMany(swarms())
        .flatMap(
            name -> coordination.createSwarm(NewSwarm.of("carry load").withId(name)), CALLS_AT_ONCE)
        .thenMany(swarms().map(name -> "swarm:" + name).concatWithValues(BROADCASTS))
        .flatMap(channel -> listen(channel, observation), CALLS_AT_ONCE)
        .then(Mono.fromSupplier(this::lanes));
  }

  private Flux<String> swarms() {
    return Flux.range(0, plan.size().swarms()).map(EmbeddedRoad::swarm);
  }

  /**
   * Subscribes after a position that was read before, so that it doesn't matter when the
   * subscription takes hold.
   */
  private Mono<Void> listen(String channel, Observation observation) {
    return coordination
        .channels()
        .history(channel, null, 1)
        .doOnNext(
            page -> {
              var last = new io.multiswarm.messaging.Position(page.epoch(), page.last());
              var ledger =
                  observation.subscribed(channel, name(), new Position(page.epoch(), page.last()));
              subscriptions.add(
                  coordination
                      .channels()
                      .flux(channel, last)
                      .subscribe(event -> heard(event, ledger, observation)));
            })
        .then();
  }

  private static void heard(
      ChannelEvent event, SubscriptionLedger ledger, Observation observation) {
    if (event instanceof ChannelMessage message) {
      var at = message.position();
      var stamp = Envelopes.stamp(message.envelope().bytes(), 0);
      var delivery = new Delivery(message.channel(), at.epoch(), at.offset(), stamp);
      observation.delivered(ledger, delivery, message.channel().equals(BROADCASTS));
    } else if (event instanceof Gap gap) {
      ledger.gap(gap.epoch(), gap.from(), gap.to());
    }
  }

  private List<Lane> lanes() {
    return IntStream.range(0, plan.size().swarms())
        .mapToObj(number -> (Lane) new EmbeddedLane(number))
        .toList();
  }

  @Override
  public Mono<Void> broken() {
    return Mono.never();
  }

  @Override
  public Mono<Void> close() {
    return swarms()
        .flatMap(name -> coordination.deregisterSwarm(name, null).onErrorComplete(), CALLS_AT_ONCE)
        .doOnSubscribe(any -> subscriptions.dispose())
        .then(coordination.shutdown())
        .then(Mono.defer(fleet::remove))
        .doFinally(end -> scheduler.dispose());
  }

  private final class EmbeddedLane implements Lane {

    private final int number;

    EmbeddedLane(int number) {
      this.number = number;
    }

    @Override
    public Scheduler scheduler() {
      return scheduler;
    }

    @Override
    public int sender(long index) {
      return number;
    }

    @Override
    public Mono<Position> carry(Letter letter) {
      return publish(
              letter, new NewMessage(null, "load", Json.trusted(data.write(letter.stamp())), null))
          .map(
              published ->
                  new Position(published.position().epoch(), published.position().offset()))
          .onErrorMap(CoordinationException.class, EmbeddedRoad::fault);
    }

    private Mono<Published> publish(Letter letter, NewMessage message) {
      return letter.isForEverybody()
          ? coordination.broadcast(swarm(number), message)
          : coordination.sendMessage(swarm(number), swarm(letter.to()), message);
    }
  }

  private static Fault fault(CoordinationException refusal) {
    return new Fault(
        "embedded publish", 0, refusal.code().name(), String.valueOf(refusal.getMessage()));
  }
}
