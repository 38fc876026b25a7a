package io.multiswarm.load.messages;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.embedded.EmbeddedNode;
import io.multiswarm.load.judge.ChannelPosition;
import io.multiswarm.load.judge.SubscriptionLedger;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.NewMessage;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The library in this process. A broadcast has a single listener here. */
final class EmbeddedTransport implements Transport {

  private static final int CALLS_AT_ONCE = 32;
  private static final String BROADCASTS = "swarm:global";

  private final MessagesScenario.Plan plan;
  private final StampedData data;
  private final EmbeddedNode node;

  EmbeddedTransport(MessagesScenario.Plan plan, StampedData data, URI redis) {
    this.plan = plan;
    this.data = data;
    this.node = new EmbeddedNode(redis);
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public String channel(TestMessage message) {
    return message.isForEverybody() ? BROADCASTS : "swarm:" + EmbeddedNode.swarm(message.to());
  }

  @Override
  public Mono<List<SenderConnection>> open(Observation observation) {
    return node.open(swarms().map(EmbeddedNode::newSwarm))
        .thenMany(
            swarms()
                .map(number -> "swarm:" + EmbeddedNode.swarm(number))
                .concatWithValues(BROADCASTS))
        .flatMap(channel -> listen(channel, observation), CALLS_AT_ONCE)
        .then(Mono.fromSupplier(this::connections));
  }

  private Flux<Integer> swarms() {
    return Flux.range(0, plan.size().swarms());
  }

  /**
   * Subscribes after a position that was read before, so that it doesn't matter when the
   * subscription takes hold.
   */
  private Mono<Void> listen(String channel, Observation observation) {
    return node.coordination()
        .channels()
        .history(channel, null, 1)
        .doOnNext(
            page -> {
              var last = new io.multiswarm.messaging.Position(page.epoch(), page.last());
              var ledger =
                  observation.subscribed(
                      channel, name(), new ChannelPosition(page.epoch(), page.last()));
              node.hold(
                  node.coordination()
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

  private List<SenderConnection> connections() {
    return IntStream.range(0, plan.size().swarms())
        .mapToObj(number -> (SenderConnection) new EmbeddedConnection(number))
        .toList();
  }

  @Override
  public Mono<Void> broken() {
    return Mono.never();
  }

  @Override
  public Mono<Void> close() {
    return node.close();
  }

  private final class EmbeddedConnection implements SenderConnection {

    private final int number;

    EmbeddedConnection(int number) {
      this.number = number;
    }

    @Override
    public Scheduler scheduler() {
      return node.scheduler();
    }

    @Override
    public int swarm(long index) {
      return number;
    }

    @Override
    public Mono<ChannelPosition> send(TestMessage message) {
      return publish(
              message,
              new NewMessage(null, "load", Json.trusted(data.write(message.stamp())), null))
          .map(
              published ->
                  new ChannelPosition(published.position().epoch(), published.position().offset()))
          .onErrorMap(CoordinationException.class, EmbeddedNode.fault("publish"));
    }

    private Mono<Published> publish(TestMessage message, NewMessage stored) {
      return message.isForEverybody()
          ? node.coordination().broadcast(EmbeddedNode.swarm(number), stored)
          : node.coordination()
              .sendMessage(EmbeddedNode.swarm(number), EmbeddedNode.swarm(message.to()), stored);
    }
  }
}
