package io.multiswarm.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@RedisTest
class LossCheckIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void redisThatCameBackEmpty_isToldOnceWithWhatIsGone(TestRedis redis) {
    CoordinationOptions options = CoordinationOptions.defaults().withFleet(redis.fleet());
    List<String> first = new CopyOnWriteArrayList<>();
    List<String> second = new CopyOnWriteArrayList<>();
    try (TestNodes one = TestNodes.connect(redis.uri(), options);
        TestNodes two = TestNodes.connect(redis.uri(), options)) {
      LossCheck check = new LossCheck(one.context(), first::add);
      LossCheck other = new LossCheck(two.context(), second::add);
      Keys keys = one.context().keys();
      check.look().block(SOON);
      redis.cli("ZADD", keys.index(), "1", "a", "2", "b");
      redis.cli("HSET", keys.sys("tasks"), "t1", "x", "t2", "x", "t3", "x");
      check.look().block(SOON);
      other.look().block(SOON);
      redis.cli("DEL", keys.index());
      check.look().block(SOON);
      assertThat(first).as("what ends by itself is no loss").isEmpty();

      redis.cli("DEL", keys.sys("tasks"), keys.birth());
      check.look().block(SOON);
      check.look().block(SOON);
      other.look().block(SOON);
      other.look().block(SOON);

      assertThat(first)
          .singleElement()
          .asString()
          .contains("0 swarms and 3 tasks", "are gone", "appendonly yes");
      assertThat(second).singleElement().asString().contains("2 swarms and 3 tasks");
    }
  }
}
