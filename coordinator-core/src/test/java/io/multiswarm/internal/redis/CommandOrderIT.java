package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Batches start on the thread of a submitter or on the connection's own, when an earlier one
 * returned. Both must reach Redis in the order in which they started.
 */
@RedisTest
class CommandOrderIT {

  private static final int ITEMS = 20_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void batches_startedOnChangingThreads_takeEffectInOrder(TestRedis redis) {
    try (TestNodes node =
        TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()))) {
      RedisLink link = node.context().link();
      String key = node.context().keys().sys("order");
      NaturalBatcher<Integer, Boolean> batcher =
          new NaturalBatcher<>(
              "order",
              new NaturalBatcher.Limits(4, 3, 1_000, ITEMS, ITEMS),
              item -> 1,
              batch -> append(link, key, batch));
      Flux.range(0, ITEMS).flatMap(batcher::submit, 50).blockLast(SOON);
      List<String> stored = redis.list("LRANGE", key, "0", "-1");
      assertThat(stored)
          .containsExactlyElementsOf(
              IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList());
    }
  }

  private static Mono<List<Outcome<Boolean>>> append(
      RedisLink link, String key, List<Integer> batch) {
    byte[][] values = batch.stream().map(item -> item.toString().getBytes()).toArray(byte[][]::new);
    return link.read("RPUSH", redis -> redis.rpush(key, values))
        .map(length -> batch.stream().map(item -> Outcome.of(true)).toList());
  }
}
