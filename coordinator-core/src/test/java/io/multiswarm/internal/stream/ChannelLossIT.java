package io.multiswarm.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel whose newest messages Redis lost: what is left goes on in another epoch. */
@RedisTest
class ChannelLossIT {

  private static final String CHANNEL = "swarm:global";
  private static final Duration SOON = Duration.ofSeconds(20);

  private TestRedis redis;
  private TestNodes node;
  private Keys keys;
  private ChannelPublisher publisher;
  private ChannelHistory history;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    node =
        TestNodes.connect(server.uri(), CoordinationOptions.defaults().withFleet(server.fleet()));
    keys = node.context().keys();
    publisher = new ChannelPublisher(node.context());
    history = new ChannelHistory(node.context(), new StreamCounters());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void channel_withLessThanItHad_keepsWhatIsLeftInAnotherEpoch() {
    publish("m1");
    publish("m2");
    Position once = publish("m3");
    redis.cli("XDEL", keys.historyStream(CHANNEL), once.epoch() + "-3");

    Position end = history.position(CHANNEL, KnownPosition.of(once)).block(SOON).end();

    assertThat(end.epoch()).isGreaterThan(once.epoch());
    assertThat(end.offset()).isEqualTo(2);
    Page page = history.after(CHANNEL, 0, 10, 1_000).block(SOON);
    assertThat(page.end()).isEqualTo(end);
    assertThat(page.messages())
        .extracting(ChannelMessage::position)
        .containsExactly(new Position(end.epoch(), 1), end);
    assertThat(page.messages().get(1).envelope().members().get("id").text()).isEqualTo("m2");
    assertThat(redis.number("PTTL", keys.historyStream(CHANNEL))).isPositive();
    assertThat(redis.number("PTTL", keys.historyIds(CHANNEL))).isPositive();
  }

  @Test
  void givenIds_ofWhatIsLeft_areKnown_andOfWhatIsLost_areNot() {
    publish("m1");
    Position once = publish("m2");
    redis.cli("XDEL", keys.historyStream(CHANNEL), once.epoch() + "-2");
    String epoch = history.position(CHANNEL, KnownPosition.of(once)).block(SOON).end().epoch();

    assertThat(publish("m1")).isEqualTo(new Position(epoch, 1));
    assertThat(publish("m2")).isEqualTo(new Position(epoch, 2));
    assertThat(publish("m3")).isEqualTo(new Position(epoch, 3));
  }

  @Test
  void channel_atRestWithLessThanItHad_beginsAnotherEpoch() {
    Position once = publish("m1");
    redis.cli("DEL", keys.historyStream(CHANNEL));
    redis.cli("SET", keys.historyMeta(CHANNEL), "1700000000000 " + once.epoch() + " 0");

    Position end = history.position(CHANNEL, KnownPosition.of(once)).block(SOON).end();

    assertThat(end.epoch()).isGreaterThan(once.epoch());
    assertThat(end.offset()).isZero();
    assertThat(publish("m2")).isEqualTo(new Position(end.epoch(), 1));
  }

  @Test
  void channel_whoseMetaIsOlderThanItsStream_goesOnInAnotherEpoch() {
    Position once = publish("m1");
    String older = Long.toString(Long.parseLong(once.epoch()) - 1_000_000);
    redis.cli("SET", keys.historyMeta(CHANNEL), "1700000000000 " + older);

    Position next = publish("m2");

    assertThat(next.epoch()).isGreaterThan(once.epoch());
    assertThat(publish("m3")).isEqualTo(new Position(next.epoch(), 2));
    redis.cli("SET", keys.historyMeta(CHANNEL), "1700000000000 " + older + " 0");
    Position last = publish("m4");
    assertThat(last.epoch()).isGreaterThan(next.epoch());
    assertThat(history.position(CHANNEL, KnownPosition.of(last)).block(SOON).end()).isEqualTo(last);
  }

  @Test
  void channel_whoseLostOffsetsAreGivenAgain_leavesThemToTheOldEpoch() {
    publish("m1");
    Position once = publish("m2");
    Page before = history.newest(CHANNEL, 1, 1_000).block(SOON);
    comeBackWith("m1", once.epoch());
    assertThat(publish("m3")).isEqualTo(once);

    KnownPosition landmark = KnownPosition.of(before.messages().get(0));
    Position end = history.position(CHANNEL, landmark).block(SOON).end();

    assertThat(end.epoch()).isGreaterThan(once.epoch());
    assertThat(publish("m3")).isEqualTo(new Position(end.epoch(), 2));
    assertThat(history.position(CHANNEL, landmark).block(SOON).end().epoch())
        .isEqualTo(end.epoch());
  }

  @Test
  void page_ofAChannelWhoseLostOffsetsAreGivenAgain_isOfAnotherEpoch() {
    publish("m1");
    Position once = publish("m2");
    ChannelStream stream = Streams.of(CHANNEL, new StreamCounters(), compared -> {});
    Page seen = history.after(stream, new Position(once.epoch(), 0), 10, 1_000).block(SOON);
    assertThat(stream.learn(seen, stream.now())).isTrue();
    comeBackWith("m1", once.epoch());
    publish("m3");
    Position newest = publish("m4");
    assertThat(newest).as("beyond what was seen").isEqualTo(new Position(once.epoch(), 3));

    Page page = history.after(stream, once, 10, 1_000).block(SOON);

    assertThat(page.end().epoch()).isGreaterThan(once.epoch());
    assertThat(page.end().offset()).isEqualTo(3);
    assertThat(history.position(stream).block(SOON).end()).isEqualTo(page.end());
    assertThat(history.after(CHANNEL, 0, 10, 1_000).block(SOON).messages())
        .extracting(message -> message.envelope().members().get("id").text())
        .containsExactly("m1", "m3", "m4");
  }

  @Test
  void page_ofAChannelWithLessThanItHad_isOfAnotherEpoch() {
    publish("m1");
    Position once = publish("m2");
    ChannelStream stream = Streams.of(CHANNEL, new StreamCounters(), compared -> {});
    comeBackWith("m1", once.epoch());

    Page page = history.after(stream, once, 10, 1_000).block(SOON);

    assertThat(page.end().epoch()).isGreaterThan(once.epoch());
    assertThat(page.end().offset()).isEqualTo(1);
  }

  /** As from an older file: of all that was published there is one message. */
  private void comeBackWith(String id, String epoch) {
    String stored = keys.historyStream(CHANNEL);
    redis.cli("DEL", keys.historyIds(CHANNEL));
    redis.cli("XADD", stored + ":older", epoch + "-1", "t", "1700000000000", "m", body(id));
    redis.cli("COPY", stored + ":older", stored, "REPLACE");
  }

  @Test
  void channel_withAllThatItHad_goesOn() {
    publish("m1");
    Position last = publish("m2");
    ChannelMessage first = history.after(CHANNEL, 0, 1, 1_000).block(SOON).messages().get(0);
    for (KnownPosition known :
        List.of(
            KnownPosition.of(first),
            KnownPosition.of(last),
            KnownPosition.of(new Position("1600000000000000", 9)))) {
      assertThat(history.position(CHANNEL, known).block(SOON).end()).isEqualTo(last);
    }
  }

  private Position publish(String id) {
    byte[] body = body(id).getBytes(StandardCharsets.UTF_8);
    return publisher
        .publish(new Outgoing(CHANNEL, null, null, id, Outgoing.Origin.GIVEN, body))
        .block(SOON);
  }

  private static String body(String id) {
    return "\"id\":\"" + id + "\"}";
  }
}
