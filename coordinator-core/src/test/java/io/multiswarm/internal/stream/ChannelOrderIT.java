package io.multiswarm.internal.stream;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.stream.Outgoing.Origin;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What one process says on a channel stays in its order and is stored once, whatever breaks. */
@RedisTest
class ChannelOrderIT {

  private static final String CHANNEL = "swarm:global";
  private static final int MESSAGES = 6_000;
  private static final int MESSAGES_A_KILL = 400;
  private static final int MESSAGES_FORGOTTEN = 2_000;
  private static final int MESSAGES_A_FLUSH = 10;

  /** Fewer than leave together. */
  private static final int CALLS_AT_ONCE = 3;

  private static final Duration SOON = Duration.ofSeconds(60);

  private TestRedis redis;
  private TestNodes node;
  private ChannelPublisher publisher;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    node =
        TestNodes.connect(
            server.uri(),
            CoordinationOptions.defaults()
                .withFleet(server.fleet())
                .withHistory(
                    new CoordinationOptions.History(MESSAGES, Duration.ofHours(1), 64 << 20)));
    publisher = new ChannelPublisher(node.context());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void publish_connectionsKilledUnderIt_keepsTheOrderAndStoresOnce() {
    Map<Integer, Long> accepted = new ConcurrentHashMap<>();
    AtomicInteger ended = new AtomicInteger();
    CompletableFuture<Void> all =
        Flux.range(0, MESSAGES)
            .flatMap(
                number ->
                    publish(number)
                        .doOnNext(at -> accepted.put(number, at.offset()))
                        .doFinally(end -> ended.incrementAndGet()),
                128)
            .then()
            .toFuture();
    for (int due = MESSAGES_A_KILL; due < MESSAGES; due += MESSAGES_A_KILL) {
      int reached = due;
      await(reached + " messages", SOON, () -> ended.get() >= reached);
      redis.killClients("normal");
    }
    all.join();

    List<Integer> stored = stored();
    assertThat(stored).as("stored once and in order").isSorted().doesNotHaveDuplicates();
    assertThat(accepted).hasSizeGreaterThan(MESSAGES / 2);
    assertThat(accepted)
        .allSatisfy(
            (number, offset) ->
                assertThat(stored.get(Math.toIntExact(offset) - 1)).isEqualTo(number));
  }

  /** Called one by one at changing intervals, so that some leave between answers to others. */
  @Test
  @Timeout(60)
  void publish_scriptsForgottenUnderIt_keepsTheOrderAndFailsNone() {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger ended = new AtomicInteger();
    Random random = new Random(1);
    for (int number = 0; number < MESSAGES_FORGOTTEN; number++) {
      if (number % MESSAGES_A_FLUSH == 0) {
        redis.cli("SCRIPT", "FLUSH");
      }
      long next = System.nanoTime() + random.nextInt(150_000);
      while (System.nanoTime() < next || number - ended.get() >= CALLS_AT_ONCE) {
        Thread.onSpinWait();
      }
      publisher
          .publish(outgoing(number, Origin.NEW))
          .doFinally(end -> ended.incrementAndGet())
          .subscribe(at -> {}, failures::add);
    }
    await("the last", SOON, () -> ended.get() == MESSAGES_FORGOTTEN);

    assertThat(failures).isEmpty();
    assertThat(stored())
        .containsExactlyElementsOf(IntStream.range(0, MESSAGES_FORGOTTEN).boxed().toList());
  }

  @Test
  void publish_repeated_findsWhatIsStored() {
    Position first = publish(1).block(SOON);
    publish(2).block(SOON);
    Position again = publisher.publish(outgoing(1, Origin.REPEATED)).block(SOON);
    Position other = publisher.publish(outgoing(3, Origin.REPEATED)).block(SOON);

    assertThat(again).isEqualTo(first);
    assertThat(other.offset()).isEqualTo(3);
    assertThat(stored()).containsExactly(1, 2, 3);
  }

  /** Empty when the time for it was over. */
  private Mono<Position> publish(int number) {
    return publisher
        .publish(outgoing(number, Origin.NEW))
        .onErrorResume(
            CoordinationException.class,
            error -> error.code() == ErrorCode.UNAVAILABLE ? Mono.empty() : Mono.error(error));
  }

  private static Outgoing outgoing(int number, Origin origin) {
    String id = "msg-" + number;
    byte[] body = ("\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
    return new Outgoing(CHANNEL, null, null, id, origin, body);
  }

  private List<Integer> stored() {
    ChannelHistory history = new ChannelHistory(node.context(), new StreamCounters());
    long last = history.position(CHANNEL).block(SOON).end().offset();
    return LongStream.iterate(0, after -> after < last, after -> after + 1_000)
        .boxed()
        .flatMap(
            after -> history.after(CHANNEL, after, 1_000, 8 << 20).block(SOON).messages().stream())
        .map(message -> message.envelope().members().get("id").text())
        .map(id -> Integer.valueOf(id.substring("msg-".length())))
        .toList();
  }
}
