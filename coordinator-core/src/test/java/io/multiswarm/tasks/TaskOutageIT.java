package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting for a task while Redis is away. */
@RedisTest
class TaskOutageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With a sync each second Redis may put writes off, and a kill lose what it acknowledged. */
  @Test
  @RedisTest(settings = "appendfsync no")
  void await_whileRedisIsAway_failsFastAndWhoWaitedWaitsOn(OwnedRedis redis) throws Exception {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      node.submit(NewTask.builder("later").id("t1").build());
      CompletableFuture<Task> before = node.queue().await("t1", null).toFuture();
      // Reads keep their order, so that of the waiting call is over when this one is.
      done(node.queue().get("t1"));
      redis.kill();
      await("the outage", PATIENCE, () -> !node.context.link().isUp());

      refused(ErrorCode.UNAVAILABLE, () -> done(node.queue().await("t1", null)));
      redis.start();
      await("the return", PATIENCE, () -> node.context.link().isUp());
      done(node.queue().cancel("t1", null));

      Task ended = before.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended.status()).isEqualTo(TaskStatus.CANCELLED);
    }
  }

  @Test
  void credit_whileMemoryIsFull_passes(OwnedRedis redis) {
    try (TaskNode node = TaskNode.start("n1", redis)) {
      Ownership worker = node.swarm("w");
      redis.config("maxmemory", "1");

      assertThat(done(node.workers().request(worker, 1, false))).isEqualTo(1);
    }
  }
}
