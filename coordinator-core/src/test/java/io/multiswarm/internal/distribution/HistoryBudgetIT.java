package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.stream.HistoryBudget;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Gap;
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
import reactor.core.publisher.Flux;

/** What the histories of all channels may take together. */
@RedisTest
class HistoryBudgetIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BUDGET = 128 << 10;

  /** Nothing is cut for less than this by itself. */
  private static final long A_CHANNEL = 4L << 20;

  private static final Outgoing.Origin NEW = Outgoing.Origin.NEW;
  private static final Outgoing.Origin GIVEN = Outgoing.Origin.GIVEN;

  private TestRedis redis;
  private ChannelNode node;
  private Keys keys;
  private HistoryBudget budget;

  @BeforeEach
  void open(TestRedis server) {
    start(server);
  }

  private void start(TestRedis server) {
    redis = server;
    node =
        new ChannelNode(
            server.uri(),
            CoordinationOptions.defaults()
                .withFleet(server.fleet())
                .withHistory(
                    new CoordinationOptions.History(
                        1_000, Duration.ofHours(1), A_CHANNEL, BUDGET)));
    keys = node.context.keys();
    budget = new HistoryBudget(node.context, this::archived);
    redis.cli("HSET", keys.upkeep(), "token", "1");
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void histories_thatFit_areToldAndStayWhole() {
    register("a", "b");
    publish("a", 100, 500, NEW);
    publish("b", 1, 500, GIVEN);

    round();

    assertThat(page("a").first()).isEqualTo(1);
    assertThat(page("b").first()).isEqualTo(1);
    assertThat(told()).isBetween(51_000L, 90_000L);
  }

  @Test
  void histories_thatTakeLittle_areWeighedSeldom() {
    register("a");
    round();
    assertThat(told()).isZero();
    publish("a", 20, 500, NEW);
    round();
    round();
    assertThat(told()).isZero();
    round();
    assertThat(told()).isPositive();
    publish("a", 100, 500, NEW);
    for (int n = 0; n < 3; n++) {
      round();
    }
    long before = told();
    publish("a", 20, 500, NEW);
    round();
    assertThat(told()).as("much is weighed each time").isGreaterThan(before);
  }

  @Test
  void histories_thatTakeTooMuch_loseTheOldestOfTheLargest() {
    register("large", "larger", "small");
    publish("small", 20, 500, NEW);
    publish("large", 200, 500, NEW);
    publish("larger", 300, 500, GIVEN);

    round();

    assertThat(page("small").first()).isEqualTo(1);
    assertThat(page("large").first()).isBetween(2L, 190L);
    assertThat(page("larger").first()).isBetween(page("large").first(), 290L);
    assertThat(page("larger").end().offset()).isEqualTo(300);
    assertThat(told()).isLessThan(BUDGET).isGreaterThan(BUDGET / 2);
    assertThat(redis.number("HLEN", keys.historyIds(ChannelName.of("larger"))))
        .isEqualTo(redis.number("XLEN", keys.historyStream(ChannelName.of("larger"))));
    assertThat(publish("larger", 1, 500, NEW).offset()).isEqualTo(301);
  }

  @Test
  void reader_ofWhatIsCut_isToldOfAGap() {
    register("a");
    Position first = publish("a", 1, 500, NEW);
    publish("a", 400, 500, NEW);

    round();

    List<ChannelEvent> events =
        node.channels.flux(ChannelName.of("a"), first).take(2).collectList().block(SOON);
    Gap gap = (Gap) events.get(0);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.TRIMMED);
    assertThat(gap.from()).isEqualTo(2);
    assertThat(((ChannelMessage) events.get(1)).position().offset()).isEqualTo(gap.to() + 1);
  }

  /** The one message is more than all may take, and many scripts' worth. */
  @Test
  void channel_whoseNewestMessageIsTooLarge_isAtRestAndGoesOn() {
    register("a");
    publish("a", 3, 700_000, NEW);
    Position last = page("a").end();

    round();

    assertThat(page("a").first()).isZero();
    assertThat(told()).isZero();
    assertThat(page("a").end()).isEqualTo(last);
    assertThat(publish("a", 1, 10, NEW)).isEqualTo(new Position(last.epoch(), 4));
  }

  @Test
  void histories_ofManyChannels_fitTogether() {
    for (int n = 0; n < 150; n++) {
      register("s" + n);
      publish("s" + n, 10, 300, NEW);
    }

    round();

    assertThat(told()).isLessThan(BUDGET);
    assertThat(taken()).isLessThan(BUDGET);
  }

  @Test
  void histories_besideWhatIsNone_areCutAllTheSame() {
    register("a", "foreign", "ids");
    publish("a", 300, 500, NEW);
    publish("ids", 300, 500, NEW);
    redis.cli("SET", keys.historyStream(ChannelName.of("foreign")), "x".repeat(200_000));
    redis.cli("SET", keys.historyIds(ChannelName.of("ids")), "x");

    round();

    assertThat(page("a").first()).isGreaterThan(1);
    assertThat(page("ids").first()).isGreaterThan(1);
    assertThat(told()).isLessThan(BUDGET);
  }

  @Test
  void histories_ofSwarmsThatAreGone_goFirst() {
    register("here", "gone");
    publish("here", 150, 500, NEW);
    publish("gone", 150, 500, NEW);
    deregister("gone", Duration.ofSeconds(10));

    round();

    assertThat(page("here").first()).isEqualTo(1);
    assertThat(page("gone").first()).isZero();
    assertThat(page("gone").end().offset()).isEqualTo(150);
  }

  @Test
  void histories_ofSwarmsThatAreGone_areReadForAMinute() {
    register("late", "long", "back");
    publish("late", 5, 500, NEW);
    publish("long", 5, 500, NEW);
    publish("back", 5, 500, NEW);
    deregister("late", Duration.ofSeconds(10));
    deregister("long", Duration.ofMinutes(2));
    deregister("back", Duration.ofMinutes(2));
    register("back");

    round();

    assertThat(page("late").first()).isEqualTo(1);
    assertThat(page("long").first()).isZero();
    assertThat(page("back").first()).isEqualTo(1);
  }

  @Test
  void histories_whileMemoryIsFull_areCutAllTheSame(OwnedRedis full) {
    node.close();
    start(full);
    register("a");
    publish("a", 400, 500, NEW);
    full.config("maxmemory", "1");

    round();

    assertThat(page("a").first()).isGreaterThan(1);
    full.config("maxmemory", "0");
  }

  private void round() {
    budget.run(new UpkeepTerm(1)).block(SOON);
  }

  private String archived() {
    return keys.sys("archives");
  }

  private void register(String... swarms) {
    for (String swarm : swarms) {
      redis.cli("HSET", keys.roster(), swarm, "1:" + node.context.nodeId());
    }
  }

  private void deregister(String swarm, Duration ago) {
    redis.cli("HDEL", keys.roster(), swarm);
    redis.cli("ZADD", archived(), Long.toString(redis.millis() - ago.toMillis()), swarm);
  }

  private long told() {
    return Long.parseLong(redis.text("HGET", keys.metrics(), "historyBytes"));
  }

  /** What Redis says, by its default user, who may ask. */
  private long taken() {
    return redis.list("HKEYS", keys.roster()).stream()
        .map(ChannelName::of)
        .mapToLong(channel -> bytes(keys.historyStream(channel)) + bytes(keys.historyIds(channel)))
        .sum();
  }

  private long bytes(String key) {
    return redis.cli("MEMORY", "USAGE", key, "SAMPLES", "0") instanceof Long bytes ? bytes : 0;
  }

  private Page page(String swarm) {
    return node.history.position(ChannelName.of(swarm)).block(SOON);
  }

  /** Where the last of them is. */
  private Position publish(String swarm, int count, int bytes, Outgoing.Origin origin) {
    String filling = "x".repeat(bytes);
    return Flux.range(1, count)
        .flatMapSequential(n -> node.publisher.publish(message(swarm, "m" + n, origin, filling)))
        .blockLast(SOON);
  }

  private static Outgoing message(String swarm, String id, Outgoing.Origin origin, String filling) {
    String body = "\"id\":\"" + id + "\",\"text\":\"" + filling + "\"}";
    return new Outgoing(
        ChannelName.of(swarm), null, swarm, id, origin, body.getBytes(StandardCharsets.UTF_8));
  }
}
