package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To read a large message takes Redis longer than all else that it does with it. */
@RedisTest
class LargeMessagesIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CHANNEL = "swarm:global";
  private static final int LARGE = 230_000;
  private static final int FIT = 4;

  private OwnedRedis redis;
  private ChannelNode node;

  @BeforeEach
  void open(OwnedRedis server) {
    redis = server;
    node =
        new ChannelNode(
            server.uri(),
            CoordinationOptions.defaults()
                .withHistory(new CoordinationOptions.History(100, Duration.ofHours(1), 1L << 20)));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void history_ofLargeMessages_isTrimmedWithoutReadingThem() {
    publish("m1", Outgoing.Origin.NEW);
    long read = reads();

    for (int i = 2; i <= 12; i++) {
      publish("m" + i, Outgoing.Origin.NEW);
    }

    assertThat(reads()).isEqualTo(read);
    assertThat(redis.number("XLEN", history())).isEqualTo(FIT);
  }

  @Test
  void history_ofLargeMessagesAmongManySmallOnes_isTrimmedWithoutReadingThem() {
    for (int i = 1; i <= 101; i++) {
      publish("s" + i, Outgoing.Origin.NEW, 1);
    }
    for (int i = 1; i <= 8; i++) {
      publish("m" + i, Outgoing.Origin.NEW);
    }
    long read = reads();

    for (int i = 9; i <= 20; i++) {
      publish("s10" + i, Outgoing.Origin.NEW, 1);
      publish("m" + i, Outgoing.Origin.NEW);
    }

    assertThat(reads()).isEqualTo(read);
    assertThat(redis.number("XLEN", history())).isBetween(2L * FIT - 1, 2L * FIT);
  }

  @Test
  void ids_ofLargeMessagesThatWereTrimmed_areForgotten() {
    Position first = publish("m1", Outgoing.Origin.GIVEN);
    for (int i = 2; i <= 8; i++) {
      publish("m" + i, Outgoing.Origin.GIVEN);
    }

    assertThat(redis.number("HLEN", node.context.keys().history(CHANNEL).get(3))).isEqualTo(FIT);
    assertThat(publish("m8", Outgoing.Origin.GIVEN).offset()).isEqualTo(first.offset() + 7);
    assertThat(publish("m1", Outgoing.Origin.GIVEN).offset()).isEqualTo(first.offset() + 8);
  }

  private long reads() {
    return redis.commandCounts().getOrDefault("xrange", 0L);
  }

  private String history() {
    return node.context.keys().history(CHANNEL).get(2);
  }

  private Position publish(String id, Outgoing.Origin origin) {
    return publish(id, origin, LARGE);
  }

  private Position publish(String id, Outgoing.Origin origin, int bytes) {
    String body = "\"id\":\"" + id + "\",\"text\":\"" + "x".repeat(bytes) + "\"}";
    return node.publisher
        .publish(
            new Outgoing(CHANNEL, null, null, id, origin, body.getBytes(StandardCharsets.UTF_8)))
        .block(SOON);
  }
}
