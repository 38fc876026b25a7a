package io.multiswarm.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel that falls silent loses its history with time, and keeps its place. */
@RedisTest
class IdleChannelCompactionIT {

  /** Redis counts it by its own clock, so nothing gets as old by itself while a test runs. */
  private static final Duration MAX_AGE = Duration.ofHours(1);

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SWARM = "s1";
  private static final String CHANNEL = ChannelName.of(SWARM);

  private TestRedis redis;
  private TestNodes node;
  private Keys keys;
  private ChannelPublisher publisher;
  private ChannelHistory history;
  private IdleChannelCompaction rest;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    open(MAX_AGE);
  }

  private void open(Duration maxAge) {
    node =
        TestNodes.connect(
            redis.uri(),
            CoordinationOptions.defaults()
                .withFleet(redis.fleet())
                .withHistory(new CoordinationOptions.History(1_000, maxAge, 4 << 20)));
    keys = node.context().keys();
    publisher = new ChannelPublisher(node.context());
    history = new ChannelHistory(node.context(), new StreamCounters());
    rest = new IdleChannelCompaction(node.context());
    redis.cli("HSET", keys.roster(), SWARM, "1:" + node.context().nodeId());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void channel_silentForLong_forgetsItsMessagesAndGoesOnWithItsOrder() {
    Position last = publish(1, 3);
    age();
    toRest();

    Page page = history.newest(CHANNEL, 10, 1_000).block(SOON);
    assertThat(page.messages()).isEmpty();
    assertThat(page.first()).isZero();
    assertThat(page.end()).isEqualTo(last);
    assertThat(keysOfHistory()).containsExactly(keys.historyMeta(CHANNEL));

    assertThat(publish(4, 4)).isEqualTo(new Position(last.epoch(), 4));
    assertThat(history.after(CHANNEL, 3, 10, 1_000).block(SOON).messages()).hasSize(1);
  }

  @Test
  void channel_thatIsUsed_isLeftAlone() {
    publish(1, 1);
    rest.round().block(SOON);
    assertThat(history.position(CHANNEL).block(SOON).first()).isEqualTo(1);
  }

  /** It is the way in which idle channels give memory back. */
  @Test
  void channel_silentWhileMemoryIsFull_isPutToRestAllTheSame(OwnedRedis full) {
    node.close();
    redis = full;
    open(MAX_AGE);
    publish(1, 3);
    age();
    full.config("maxmemory", "1");
    toRest();
  }

  /** Nobody puts it to rest: the epoch is lost with the offsets, and another one says so. */
  @Test
  void channel_whoseHistoryEndedByItself_beginsAnotherEpoch() {
    Position last = publish(1, 3);
    assertThat(redis.number("PTTL", keys.historyStream(CHANNEL)))
        .isBetween(1L, 2 * MAX_AGE.toMillis());
    redis.cli("DEL", keys.historyStream(CHANNEL));

    Position next = publish(4, 4);
    assertThat(next.epoch()).isGreaterThan(last.epoch());
    assertThat(next.offset()).isEqualTo(1);
  }

  /** The epoch would be gone before the messages are too old, and they with it. */
  @Test
  void epoch_ofAHistoryThatIsKeptForLong_outlivesIt() {
    node.close();
    open(Duration.ofDays(30));
    publish(1, 1);
    assertThat(redis.number("PTTL", keys.historyMeta(CHANNEL)))
        .isGreaterThanOrEqualTo(redis.number("PTTL", keys.historyStream(CHANNEL)));
  }

  @Test
  void givenIds_ofWhatIsForgotten_areForgottenToo() {
    Position first = publisher.publish(given("m")).block(SOON);
    assertThat(publisher.publish(given("m")).block(SOON)).isEqualTo(first);
    assertThat(redis.number("PTTL", keys.historyIds(CHANNEL))).isPositive();
    age();
    toRest();
    assertThat(publisher.publish(given("m")).block(SOON).offset()).isEqualTo(2);
  }

  /** Older than a history may be, half of the time before its TTL is over. */
  private void age() {
    String stored = keys.historyStream(CHANNEL);
    String older = stored + ":older";
    for (Object entry : (List<?>) redis.cli("XRANGE", stored, "-", "+")) {
      String id = (String) ((List<?>) entry).get(0);
      String body = (String) ((List<?>) ((List<?>) entry).get(1)).get(3);
      redis.cli("XADD", older, id, "t", "1700000000000", "m", body);
    }
    redis.cli("RENAME", older, stored);
    redis.cli("PEXPIRE", stored, Long.toString(MAX_AGE.toMillis() / 2));
  }

  private void toRest() {
    rest.round().block(SOON);
    assertThat(redis.number("EXISTS", keys.historyStream(CHANNEL))).isZero();
    assertThat(redis.text("GET", keys.historyMeta(CHANNEL)).split(" ")).hasSize(3);
  }

  private List<String> keysOfHistory() {
    return redis.list("KEYS", "*" + redis.fleet() + "*:history*" + CHANNEL);
  }

  private Position publish(int from, int to) {
    Position last = null;
    for (int number = from; number <= to; number++) {
      last = publisher.publish(message("m" + number, Outgoing.Origin.NEW)).block(SOON);
    }
    return last;
  }

  private static Outgoing given(String id) {
    return message(id, Outgoing.Origin.GIVEN);
  }

  private static Outgoing message(String id, Outgoing.Origin origin) {
    byte[] body = ("\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
    return new Outgoing(CHANNEL, null, SWARM, id, origin, body);
  }
}
