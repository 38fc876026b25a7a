package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.judge.ChannelPosition;
import io.multiswarm.load.judge.SubscriptionLedger;
import io.multiswarm.load.messages.Observation;
import io.multiswarm.load.messages.SenderConnection;
import io.multiswarm.load.messages.TestMessage;
import io.multiswarm.load.messages.Transport;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Redis without us: one connection publishes, one listens. What it carries is the measure for what
 * the server carries over the same Redis, on the same machine, in the same run. A broadcast has a
 * single listener here.
 */
final class BareTransport implements Transport {

  private static final String NAME = "bare";

  static final String EPOCH = "bare";

  private static final String EVERYBODY = "global";

  /** Makes a publisher whose keys begin with a prefix, and what must be there before it. */
  interface Kind {
    Mono<BarePublisher> on(RedisAsyncCommands<byte[], byte[]> redis, String prefix);
  }

  private final String name;
  private final SimulatedSwarms.Size size;
  private final Kind kind;
  private final BareRedis redis;
  private final Envelopes envelopes;
  private final String prefix =
      "load:%06x:".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private final Map<String, SubscriptionLedger> subscriptions = new HashMap<>();
  private @Nullable BarePublisher publisher;

  private BareTransport(String name, SimulatedSwarms.Size size, int payload, URI redis, Kind kind) {
    this.name = name;
    this.size = size;
    this.kind = kind;
    this.redis = new BareRedis(redis);
    this.envelopes = new Envelopes(payload);
  }

  /** {@code PUBLISH} alone. */
  static BareTransport plain(SimulatedSwarms.Size size, int payload, URI redis) {
    return new BareTransport(
        NAME + " PUBLISH",
        size,
        payload,
        redis,
        (commands, prefix) -> Mono.just(new PlainPublisher(commands)));
  }

  /**
   * The script that keeps a history.
   *
   * @param script as {@link ScriptPublisher#script()} reads it
   */
  static BareTransport script(
      SimulatedSwarms.Size size, int payload, URI redis, BareScript script) {
    return new BareTransport(
        NAME + " script",
        size,
        payload,
        redis,
        (commands, prefix) ->
            script.load(commands).map(loaded -> new ScriptPublisher(loaded, prefix)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isBaseline() {
    return true;
  }

  @Override
  public String channel(TestMessage message) {
    return prefix + (message.isForEverybody() ? EVERYBODY : Integer.toString(message.to()));
  }

  @Override
  public Mono<List<SenderConnection>> open(Observation observation) {
    return redis
        .writing()
        .flatMap(commands -> kind.on(commands, prefix))
        .doOnNext(created -> publisher = created)
        .flatMap(
            created ->
                listen(observation)
                    .then(redis.scheduler())
                    .map(scheduler -> connections(created, scheduler)));
  }

  private Mono<Void> listen(Observation observation) {
    Stream.concat(
            IntStream.range(0, size.swarms()).mapToObj(Integer::toString), Stream.of(EVERYBODY))
        .map(last -> prefix + last)
        .forEach(
            channel ->
                subscriptions.put(
                    channel, observation.subscribed(channel, name, new ChannelPosition(EPOCH, 0))));
    return redis.listen(
        (prefix + "*").getBytes(US_ASCII),
        (channel, message) -> heard(channel, message, observation));
  }

  private void heard(byte[] channelBytes, byte[] message, Observation observation) {
    String channel = new String(channelBytes, US_ASCII);
    SubscriptionLedger subscription = subscriptions.get(channel);
    if (subscription != null) {
      int colon = 0;
      long offset = 0;
      while (message[colon] != ':') {
        offset = offset * 10 + message[colon++] - '0';
      }
      var delivery = new Delivery(channel, EPOCH, offset, Envelopes.stamp(message, colon + 1));
      observation.delivered(subscription, delivery, channel.endsWith(EVERYBODY));
    }
  }

  private List<SenderConnection> connections(BarePublisher created, Scheduler scheduler) {
    return IntStream.range(0, size.sessions())
        .mapToObj(index -> (SenderConnection) new BareConnection(created, scheduler, index))
        .toList();
  }

  @Override
  public Mono<Void> broken() {
    return Mono.never();
  }

  @Override
  public Mono<Void> close() {
    return Mono.justOrEmpty(publisher).flatMap(BarePublisher::cleanUp).then(redis.close());
  }

  private final class BareConnection implements SenderConnection {

    private final BarePublisher publisher;
    private final Scheduler scheduler;
    private final int index;

    BareConnection(BarePublisher publisher, Scheduler scheduler, int index) {
      this.publisher = publisher;
      this.scheduler = scheduler;
      this.index = index;
    }

    @Override
    public Scheduler scheduler() {
      return scheduler;
    }

    @Override
    public int swarm(long slot) {
      return index;
    }

    @Override
    public Mono<ChannelPosition> send(TestMessage message) {
      return publisher.publish(
          channel(message), envelopes.write(message.stamp(), Integer.toString(message.to())));
    }
  }
}
