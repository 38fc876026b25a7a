package io.multiswarm.registry;

import static io.multiswarm.registry.TestNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.StateLimits;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of swarms that were deregistered is bounded by bytes. */
@RedisTest
class ArchivesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST = 20_000;
  private static final int BESIDE = 512;

  private final TestRedis redis;
  private final TestNode node;

  ArchivesIT(TestRedis redis) {
    this.redis = redis;
    StateLimits limits = new StateLimits(1 << 20, 1 << 20, MOST);
    this.node = TestNode.idle("n1", redis, CoordinationOptions.defaults().withStates(limits));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void live(String id, int bytes) {
    String metadata = "{\"x\":\"" + "x".repeat(bytes) + "\"}";
    Registration made =
        done(
            node.registry()
                .register(NewSwarm.of("o").withId(id).withMetadata(Json.parse(metadata))));
    node.registry().deregister(made.ownership(), null).block(PATIENCE);
  }

  private long counted() {
    return done(node.registry().statistics()).archiveBytes();
  }

  private List<String> archived() {
    return redis.list("ZRANGE", node.keys().sys("archives"), "0", "-1");
  }

  private long kept() {
    return archived().stream()
        .mapToLong(id -> BESIDE + redis.number("STRLEN", node.keys().archive(id)))
        .sum();
  }

  @Test
  void archives_ofOneIdOrMany_areCountedAsTheyAre() {
    live("a", 1_000);
    live("b", 2_000);
    live("a", 3_000);

    assertThat(archived()).containsExactly("b", "a");
    assertThat(counted()).isEqualTo(kept()).isBetween(6_000L, 9_000L);
  }

  @Test
  void archives_beyondTheirBytes_goTheOldestFirst() {
    for (int i = 0; i < 40; i++) {
      live("s" + i, 2_000);
    }

    Await.await(PATIENCE, () -> counted() <= MOST);
    assertThat(counted()).isEqualTo(kept());
    assertThat(archived()).hasSizeBetween(3, 8).last().isEqualTo("s39");
    assertThat(redis.number("EXISTS", node.keys().archive("s0"))).isZero();
    assertThat(redis.number("EXISTS", node.keys().archive("s39"))).isOne();
  }

  @Test
  void archives_whoseTimeIsOver_areCountedNoMore() {
    live("old", 1_000);
    live("new", 1_000);
    redis.cli("ZADD", node.keys().sys("archives"), "1", "old");
    redis.cli("DEL", node.keys().archive("old"));

    node.node.start();

    Await.await(PATIENCE, () -> archived().equals(List.of("new")));
    assertThat(counted()).isEqualTo(kept());
  }
}
