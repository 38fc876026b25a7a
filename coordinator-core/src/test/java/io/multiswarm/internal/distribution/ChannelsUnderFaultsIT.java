package io.multiswarm.internal.distribution;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.Outgoing.Origin;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Many channels, subscribers that ask for random numbers at random times, a subscriber connection
 * that is killed each second and a Redis that is killed and restarted twice: every subscription has
 * every message once and in order, or a gap that names exactly what is missing.
 *
 * <p>{@code -Dchannels.messages=1000000} is the long form.
 */
@RedisTest
class ChannelsUnderFaultsIT {

  private static final int MESSAGES = Integer.getInteger("channels.messages", 30_000);
  private static final int CHANNELS = 100;
  private static final int SUBSCRIBERS = 20;
  private static final int CHANNELS_A_SUBSCRIBER = 20;
  private static final int RESTARTS = 2;
  private static final int AT_ONCE = 256;
  private static final Duration SOON = Duration.ofSeconds(30 + MESSAGES / 1_000);

  private final Random random = new Random(42);
  private final Scheduler killer = Schedulers.newBoundedElastic(1, 16, "killer");
  private final List<Node> nodes = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  private static final class Node {
    final TestNodes connected;
    final ChannelStreams streams;
    final ChannelHistory history;
    final ChannelPublisher publisher;
    final DefaultChannels channels;

    Node(OwnedRedis redis) {
      connected =
          TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
      NodeContext context = connected.context();
      StreamCounters counters = new StreamCounters();
      streams = new ChannelStreams(context.link(), context.keys(), counters);
      streams.start(context.scheduler());
      history = new ChannelHistory(context, counters);
      publisher = new ChannelPublisher(context);
      channels = new DefaultChannels(streams, history, counters, context.scheduler());
    }

    void close() {
      streams.stop();
      connected.close();
    }
  }

  /** Asks for a random number of messages, and now and then lets time pass first. */
  private static final class Reader extends BaseSubscriber<ChannelEvent> {
    final String channel;
    final DeliveryLedger ledger = new DeliveryLedger();
    private final Random random;
    private final Scheduler scheduler;
    private volatile boolean hurrying;
    private int asked;

    Reader(String channel, long seed, Scheduler scheduler) {
      this.channel = channel;
      this.random = new Random(seed);
      this.scheduler = scheduler;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      ask();
    }

    @Override
    protected void hookOnNext(ChannelEvent event) {
      ledger.take(event);
      asked--;
      if (asked == 0) {
        boolean dawdles = !hurrying && random.nextInt(10) == 0;
        if (dawdles) {
          scheduler.schedule(this::ask, random.nextInt(300), TimeUnit.MILLISECONDS);
        } else {
          ask();
        }
      }
    }

    private void ask() {
      asked = 1 + random.nextInt(40);
      request(asked);
    }

    void hurry() {
      hurrying = true;
    }
  }

  @BeforeEach
  void open(OwnedRedis redis) {
    nodes.add(new Node(redis));
    nodes.add(new Node(redis));
  }

  @AfterEach
  void close() {
    readers.forEach(Reader::cancel);
    nodes.forEach(Node::close);
    killer.dispose();
  }

  @Test
  void subscribers_underFaults_missNothingThatIsNotAnnounced(OwnedRedis redis) {
    subscribeAll();
    Disposable kills =
        Flux.interval(Duration.ofSeconds(1), killer)
            .onBackpressureDrop()
            .subscribe(second -> redis.killClients("pubsub"));
    CompletableFuture<Void> all =
        Flux.range(0, MESSAGES).flatMap(this::publish, AT_ONCE).then().toFuture();
    for (int i = 1; i <= RESTARTS; i++) {
      int due = MESSAGES / (RESTARTS + 1) * i;
      await(due + " messages", SOON, () -> accepted.get() >= due);
      killer.schedule(redis::kill);
      killer.schedule(redis::start);
    }
    all.join();
    kills.dispose();

    readers.forEach(Reader::hurry);
    for (int channel = 0; channel < CHANNELS; channel++) {
      judge(name(channel));
    }
    long missing = readers.stream().mapToLong(reader -> reader.ledger.missing()).sum();
    System.out.printf(
        "%d accepted, %d of the deliveries announced as missing%n", MESSAGES, missing);
  }

  private void subscribeAll() {
    for (int subscriber = 0; subscriber < SUBSCRIBERS; subscriber++) {
      Node node = nodes.get(subscriber % nodes.size());
      for (int i = 0; i < CHANNELS_A_SUBSCRIBER; i++) {
        String channel = name((subscriber * CHANNELS_A_SUBSCRIBER / 4 + i) % CHANNELS);
        Position beginning =
            new Position(node.history.position(channel).block(SOON).end().epoch(), 0);
        Reader reader =
            new Reader(channel, random.nextLong(), node.connected.context().scheduler());
        readers.add(reader);
        node.channels.flux(channel, beginning).subscribe(reader);
      }
    }
  }

  private void judge(String channel) {
    Page page = nodes.get(0).history.position(channel).block(SOON);
    long last = page.end().offset();
    for (Reader reader : readers) {
      if (reader.channel.equals(channel)) {
        DeliveryLedger ledger = reader.ledger;
        await("the end of " + channel, SOON, () -> ledger.next() > last || ledger.broken() != null);
        assertThat(ledger.broken()).as(channel).isNull();
        assertThat(ledger.next()).as("what is due on %s", channel).isEqualTo(last + 1);
        assertThat(ledger.lastMissing())
            .as("%s: named, though it is there", channel)
            .isLessThan(page.first());
      }
    }
    assertThat(last).as("messages on %s", channel).isEqualTo(MESSAGES / CHANNELS);
  }

  /** Sends it until it is accepted, under one id. */
  private Mono<Position> publish(int number) {
    String id = "msg-" + number;
    byte[] body = ("\"id\":\"" + id + "\",\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    String channel = name(number % CHANNELS);
    AtomicInteger times = new AtomicInteger();
    return Mono.defer(
            () -> {
              Origin origin = times.getAndIncrement() == 0 ? Origin.NEW : Origin.REPEATED;
              return nodes
                  .get(0)
                  .publisher
                  .publish(new Outgoing(channel, null, null, id, origin, body));
            })
        .retryWhen(
            Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50))
                .scheduler(nodes.get(0).connected.context().scheduler())
                .filter(ChannelsUnderFaultsIT::isAway))
        .doOnNext(at -> accepted.incrementAndGet());
  }

  private static boolean isAway(Throwable error) {
    return error instanceof CoordinationException refusal
        && refusal.code() == ErrorCode.UNAVAILABLE;
  }

  private static String name(int channel) {
    return "swarm:c" + channel;
  }
}
