package io.multiswarm.internal.tasks.store;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.tasks.TaskStatistics;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who submits tasks may have each need something else: then there are as many lanes as tasks. */
@RedisTest
class TaskLanesIT {

  private static final int LANES = 600;
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void lanes_howeverMany_areNeverReadAtOnce(OwnedRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      done(
          node.queue()
              .submitAll(
                  null,
                  IntStream.range(0, LANES)
                      .mapToObj(
                          lane ->
                              NewTask.builder("x").capabilities(List.of("skill" + lane)).build())
                      .toList()));
      String lanes = new TaskKeys(node.context.keys()).lanes();
      assertThat(redis.number("HLEN", lanes)).isEqualTo(LANES);
      try (CommandLog log = redis.commandLog()) {
        node.swarm("w1");
        await(
            "the leader's search",
            SOON,
            () -> done(node.queue().statistics()).unroutable() >= LANES / 3);
        assertThat(log.sent())
            .anyMatch(sent -> sent.startsWith("\"HSCAN\" \"" + lanes))
            .noneMatch(sent -> sent.startsWith("\"HGETALL\" \"" + lanes))
            .noneMatch(sent -> sent.startsWith("\"HGETALL\" \"" + node.context.keys().roster()));
      }

      TaskStatistics statistics = done(node.queue().statistics());
      assertThat(statistics.lanes()).isEqualTo(LANES);
      assertThat(statistics.queueDepth()).isEqualTo(LANES);
      assertThat(statistics.oldestAge()).isPositive();

      assertThat(redis.commandCounts()).containsKey("hscan").doesNotContainKey("hkeys");
    }
  }
}
