package io.multiswarm.load.messages;

import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Gap;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.judge.ChannelPosition;
import io.multiswarm.load.judge.SubscriptionLedger;
import io.multiswarm.load.scenario.ScenarioContext;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Connections that subscribe to the broadcasts and then read nothing, until they read again. What
 * they get is judged like what anybody gets; its times are not taken.
 */
final class SilentSockets {

  private static final int CONNECTS_AT_ONCE = 16;

  private final ScenarioContext context;
  private final int count;
  private final Queue<SwarmClient> clients = new ConcurrentLinkedQueue<>();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final AtomicLong newestMissing = new AtomicLong();
  private volatile boolean leaving;

  SilentSockets(ScenarioContext context, int count) {
    this.context = context;
    this.count = count;
  }

  /** Completes when all have subscribed and fallen silent. */
  Mono<Void> come(Observation observation) {
    return Flux.range(0, count)
        .flatMap(index -> come("silent " + index, observation), CONNECTS_AT_ONCE)
        .then();
  }

  private Mono<Void> come(String name, Observation observation) {
    return context
        .connector()
        .connect(context.url())
        .doOnNext(clients::add)
        .flatMap(client -> client.open().then(subscribe(client, name, observation)));
  }

  /** The answer comes before the first message, on the same thread. */
  private Mono<Void> subscribe(SwarmClient client, String name, Observation observation) {
    Listener listener = new Listener();
    client.closed().subscribe(null, this::ended);
    client.notifications().onErrorComplete().subscribe(listener::heard);
    return client
        .request("channel.subscribe", Map.of("channel", WebSocketTransport.BROADCASTS))
        .map(
            answer ->
                new ChannelPosition(
                    answer.path("epoch").asString(), answer.path("offset").asLong()))
        .doOnNext(
            last ->
                listener.ledger = observation.subscribed(WebSocketTransport.BROADCASTS, name, last))
        .doOnNext(subscribed -> client.hush())
        .then();
  }

  private void ended(Throwable reason) {
    if (!leaving) {
      lost.increment();
    }
  }

  private final class Listener {
    private @Nullable SubscriptionLedger ledger;

    void heard(ServerNotification notification) {
      SubscriptionLedger told = ledger;
      if (told == null) {
        return;
      }
      if (notification instanceof Delivery delivery) {
        delivered.increment();
        told.delivered(
            new ChannelPosition(delivery.epoch(), delivery.offset()),
            delivery.stamp().sender(),
            delivery.stamp().number());
      } else if (notification instanceof Gap gap) {
        newestMissing.accumulateAndGet(gap.to(), Math::max);
        told.gap(gap.epoch(), gap.from(), gap.to());
      }
    }
  }

  void listen() {
    clients.forEach(SwarmClient::listen);
  }

  /** Messages that they were given. */
  long delivered() {
    return delivered.sum();
  }

  /** Connections that ended before {@link #leave}. */
  long lost() {
    return lost.sum();
  }

  /** The newest offset that a gap named; 0 when there was none. */
  long newestMissing() {
    return newestMissing.get();
  }

  Mono<Void> leave() {
    return Flux.fromIterable(clients)
        .doOnSubscribe(any -> leaving = true)
        .flatMap(client -> client.close().onErrorComplete(), CONNECTS_AT_ONCE)
        .then();
  }
}
