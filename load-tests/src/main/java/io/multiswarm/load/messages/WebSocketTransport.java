package io.multiswarm.load.messages;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Publishing;
import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Gap;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.judge.ChannelPosition;
import io.multiswarm.load.judge.SubscriptionLedger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Client to client over the server's WebSocket. Every session hears its swarms' channels and the
 * broadcasts.
 */
final class WebSocketTransport implements Transport {

  static final String NAME = "websocket";
  static final String BROADCASTS = "swarm:global";

  private final SimulatedSwarms fleet;
  private final StampedData data;
  private final Map<Integer, PendingEchoes> echoes = new ConcurrentHashMap<>();

  WebSocketTransport(SimulatedSwarms fleet, StampedData data) {
    this.fleet = fleet;
    this.data = data;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String channel(TestMessage message) {
    return message.isForEverybody()
        ? broadcasts(message.stamp().sender())
        : "swarm:" + fleet.swarm(receiver(message));
  }

  /** Each fleet has its own of that name. */
  private String broadcasts(int swarm) {
    String of = fleet.fleet(swarm);
    return of.isEmpty() ? BROADCASTS : BROADCASTS + " of " + of;
  }

  /** Who is in another fleet than the sender can't be written to. */
  private int receiver(TestMessage message) {
    return fleet.inFleetOf(message.stamp().sender(), message.to());
  }

  @Override
  public Mono<List<SenderConnection>> open(Observation observation) {
    return fleet
        .assemble(member -> new Listener(member, observation, echoes(member)).listen())
        .map(member -> (SenderConnection) new SocketConnection(member, echoes(member)))
        .collectList();
  }

  private PendingEchoes echoes(SimulatedSwarms.Member member) {
    return echoes.computeIfAbsent(member.index(), any -> new PendingEchoes());
  }

  @Override
  public Mono<Void> broken() {
    return fleet.broken();
  }

  @Override
  public Mono<Void> close() {
    return fleet.dismiss();
  }

  /** The receiving half of a session. */
  private final class Listener {

    private final SimulatedSwarms.Member member;
    private final Observation observation;
    private final PendingEchoes echoes;
    private final Map<String, SubscriptionLedger> subscriptions = new ConcurrentHashMap<>();

    Listener(SimulatedSwarms.Member member, Observation observation, PendingEchoes echoes) {
      this.member = member;
      this.observation = observation;
      this.echoes = echoes;
    }

    /**
     * Completes when every channel is subscribed to. The answers come before the first messages.
     */
    Mono<Void> listen() {
      member.notifications().subscribe(this::heard);
      return Flux.fromIterable(member.swarms())
          .map(swarm -> "swarm:" + swarm)
          .concatWithValues(BROADCASTS)
          .flatMap(this::subscribe, SimulatedSwarms.REQUESTS_AT_ONCE)
          .then();
    }

    private Mono<Void> subscribe(String channel) {
      return member
          .client()
          .request("channel.subscribe", Map.of("channel", channel))
          .retryWhen(Fault.whileUnknown(member.client().scheduler()))
          .map(
              answer ->
                  new ChannelPosition(
                      answer.path("epoch").asString(), answer.path("offset").asLong()))
          .doOnNext(
              last ->
                  subscriptions.put(
                      channel,
                      observation.subscribed(known(channel), "session " + member.index(), last)))
          .then();
    }

    private String known(String channel) {
      return channel.equals(BROADCASTS) ? broadcasts(member.firstSwarm()) : channel;
    }

    private void heard(ServerNotification notification) {
      if (notification instanceof Delivery delivery) {
        SubscriptionLedger subscription = subscriptions.get(delivery.channel());
        if (subscription != null) {
          boolean isBroadcast = delivery.channel().equals(BROADCASTS);
          observation.delivered(subscription, delivery, isBroadcast);
          if (isBroadcast && isOwn(delivery.stamp().sender())) {
            echoes.heard(delivery.stamp().number());
          }
        }
      } else if (notification instanceof Gap gap) {
        SubscriptionLedger subscription = subscriptions.get(gap.channel());
        if (subscription != null) {
          subscription.gap(gap.epoch(), gap.from(), gap.to());
          echoes.giveUp();
        }
      }
    }

    private boolean isOwn(int sender) {
      int place = sender - member.firstSwarm();
      return place >= 0 && place < member.swarms().size();
    }
  }

  /** The sending half of a session. */
  private final class SocketConnection implements SenderConnection {

    private final Scheduler scheduler;
    private final Publishing publishing;
    private final int first;
    private final int count;
    private final PendingEchoes echoes;

    SocketConnection(SimulatedSwarms.Member member, PendingEchoes echoes) {
      this.echoes = echoes;
      this.scheduler = member.client().scheduler();
      this.publishing = new Publishing(member.client(), data);
      this.first = member.firstSwarm();
      this.count = member.swarms().size();
    }

    @Override
    public Scheduler scheduler() {
      return scheduler;
    }

    @Override
    public int swarm(long index) {
      return first + (int) (index % count);
    }

    @Override
    public Mono<Void> comesBack(TestMessage message) {
      return echoes.await(message.stamp().number());
    }

    @Override
    public Mono<ChannelPosition> send(TestMessage message) {
      String from = fleet.swarm(message.stamp().sender());
      return message.isForEverybody()
          ? publishing.broadcast(from, message.stamp())
          : publishing.send(from, fleet.swarm(receiver(message)), message.stamp());
    }
  }
}
