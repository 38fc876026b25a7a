package io.multiswarm.registry;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.health.Nodes.NodeInfo;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which nodes there are, as any of them tells. */
@RedisTest
@Tag("container")
class NodesIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static MultiSwarmCoordination node(TestRedis redis) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(
            redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    node.initialize().block(SOON);
    return node;
  }

  private static NodeInfo find(MultiSwarmCoordination asked, String id) {
    return awaitValue(
            id,
            SOON,
            () -> done(asked.nodes().list()).stream().filter(n -> n.node().equals(id)).toList(),
            found -> !found.isEmpty())
        .get(0);
  }

  @Test
  void nodes_thatLive_areListedWithWhatTheyTell(TestRedis redis) {
    MultiSwarmCoordination one = node(redis);
    MultiSwarmCoordination other = node(redis);
    try {
      one.nodes().describe("1.2 beta", () -> 7);
      one.createSwarm(NewSwarm.of("x").withId("s1")).block(SOON);
      await("leadership", SOON, () -> find(one, one.nodeId()).leading());

      NodeInfo own = find(one, one.nodeId());
      assertThat(own.version()).isEqualTo("1.2-beta");
      assertThat(own.sessions()).isEqualTo(7);
      assertThat(own.swarms()).isEqualTo(1);
      assertThat(own.startedAt().toEpochMilli())
          .isBetween(redis.millis() - SOON.toMillis(), redis.millis());
      assertThat(own.redisLatency()).isBetween(Duration.ZERO, SOON);

      await("the beat", SOON, () -> find(other, one.nodeId()).sessions() == 7);
      NodeInfo seen = find(other, one.nodeId());
      assertThat(seen.startedAt()).isEqualTo(own.startedAt());
      assertThat(seen.swarms()).isEqualTo(1);
      assertThat(seen.leading()).isTrue();
      assertThat(find(other, other.nodeId()).leading()).isFalse();
      assertThat(done(other.nodes().list()))
          .extracting(NodeInfo::node)
          .containsExactlyInAnyOrderElementsOf(List.of(one.nodeId(), other.nodeId()));
    } finally {
      other.shutdown().block(SOON);
    }
    assertThat(done(one.nodes().list())).extracting(NodeInfo::node).containsExactly(one.nodeId());
    one.shutdown().block(SOON);
  }
}
