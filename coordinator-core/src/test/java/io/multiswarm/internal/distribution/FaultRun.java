package io.multiswarm.internal.distribution;

import static io.multiswarm.testing.Await.await;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.Outgoing.Origin;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.OwnedRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Messages to many channels, and subscribers that ask for random numbers of them at random times,
 * while the subscriber connections are killed again and again and Redis is killed and restarted.
 */
public final class FaultRun implements AutoCloseable {

  private static final int AT_ONCE = 256;

  /**
   * How much of everything.
   *
   * @param channelsEach channels of a subscriber
   * @param restarts of Redis
   * @param betweenKills of all subscriber connections
   */
  record Size(
      int messages,
      int channels,
      int subscribers,
      int channelsEach,
      int restarts,
      Duration betweenKills) {

    Duration patience() {
      return Duration.ofSeconds(30 + messages / 1_000);
    }
  }

  private final OwnedRedis redis;
  private final Size size;
  private final Random random = new Random(42);
  private final Scheduler killer = Schedulers.newBoundedElastic(1, 16, "killer");
  private final List<ChannelNode> nodes = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  private FaultRun(OwnedRedis redis, Size size) {
    this.redis = redis;
    this.size = size;
    CoordinationOptions options = CoordinationOptions.defaults().withFleet(redis.fleet());
    nodes.add(new ChannelNode(redis.uri(), options));
    nodes.add(new ChannelNode(redis.uri(), options));
  }

  /**
   * Runs.
   *
   * @return the first promise that was found broken, in words; null when all were kept
   */
  static @Nullable String play(OwnedRedis redis, Size size) {
    try (FaultRun run = new FaultRun(redis, size)) {
      run.subscribeAll();
      run.publishAll();
      String broken = run.judge();
      System.out.printf("%s: %d announced as missing%n", size, run.missing());
      return broken;
    }
  }

  /** So many messages and kills that some of them meet. */
  public static @Nullable String playInSmall(OwnedRedis redis) {
    return play(redis, new Size(20_000, 10, 5, 4, 0, Duration.ofMillis(200)));
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

  private void subscribeAll() {
    for (int subscriber = 0; subscriber < size.subscribers(); subscriber++) {
      ChannelNode node = nodes.get(subscriber % nodes.size());
      for (int i = 0; i < size.channelsEach(); i++) {
        String channel = name((subscriber * size.channelsEach() / 4 + i) % size.channels());
        Position beginning =
            new Position(node.history.position(channel).block(size.patience()).end().epoch(), 0);
        Reader reader = new Reader(channel, random.nextLong(), node.context.scheduler());
        readers.add(reader);
        node.channels.flux(channel, beginning).subscribe(reader);
      }
    }
  }

  private void publishAll() {
    Disposable kills =
        Flux.interval(size.betweenKills(), killer)
            .onBackpressureDrop()
            .subscribe(second -> redis.killClients("pubsub"));
    CompletableFuture<Void> all =
        Flux.range(0, size.messages()).flatMap(this::publish, AT_ONCE).then().toFuture();
    for (int i = 1; i <= size.restarts(); i++) {
      int due = size.messages() / (size.restarts() + 1) * i;
      await(due + " messages", size.patience(), () -> accepted.get() >= due);
      killer.schedule(redis::kill);
      killer.schedule(redis::start);
    }
    all.join();
    kills.dispose();
  }

  /** Sends it until it is accepted, under one id. */
  private Mono<Position> publish(int number) {
    String id = "msg-" + number;
    byte[] body = ("\"id\":\"" + id + "\",\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    String channel = name(number % size.channels());
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
                .scheduler(nodes.get(0).context.scheduler())
                .filter(FaultRun::isAway))
        .doOnNext(at -> accepted.incrementAndGet());
  }

  private static boolean isAway(Throwable error) {
    return error instanceof CoordinationException refusal
        && refusal.code() == ErrorCode.UNAVAILABLE;
  }

  private @Nullable String judge() {
    readers.forEach(Reader::hurry);
    List<Page> ends = new ArrayList<>();
    for (int channel = 0; channel < size.channels(); channel++) {
      ends.add(nodes.get(0).history.position(name(channel)).block(size.patience()));
    }
    for (Reader reader : readers) {
      long last = ends.get(number(reader.channel)).end().offset();
      await(
          "the end of " + reader.channel,
          size.patience(),
          () -> reader.ledger.next() > last || anyBroken() != null);
    }
    String broken = anyBroken();
    return broken != null ? broken : anyUnlike(ends);
  }

  private @Nullable String anyBroken() {
    return readers.stream()
        .filter(reader -> reader.ledger.broken() != null)
        .findFirst()
        .map(reader -> reader.channel + ": " + reader.ledger.broken())
        .orElse(null);
  }

  /** A reader that got something else than its channel holds in the end. */
  private @Nullable String anyUnlike(List<Page> ends) {
    return readers.stream()
        .map(reader -> unlike(reader, ends.get(number(reader.channel))))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable String unlike(Reader reader, Page end) {
    DeliveryLedger ledger = reader.ledger;
    long last = end.end().offset();
    if (ledger.next() != last + 1) {
      return "%s: %d is due after the end, %d".formatted(reader.channel, ledger.next(), last);
    }
    if (ledger.lastMissing() >= end.first()) {
      return "%s: %d was named as missing, and all from %d are there"
          .formatted(reader.channel, ledger.lastMissing(), end.first());
    }
    int published = size.messages() / size.channels();
    return last == published
        ? null
        : "%s: %d are stored of %d".formatted(reader.channel, last, published);
  }

  private long missing() {
    return readers.stream().mapToLong(reader -> reader.ledger.missing()).sum();
  }

  private static String name(int channel) {
    return "swarm:c" + channel;
  }

  private static int number(String channel) {
    return Integer.parseInt(channel.substring("swarm:c".length()));
  }

  @Override
  public void close() {
    readers.forEach(Reader::cancel);
    nodes.forEach(ChannelNode::close);
    killer.dispose();
  }
}
