package io.multiswarm.internal.tasks.worker;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases that a node renews by itself: by its clock, which the test turns. */
@RedisTest
class AutoExtenderIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** By Redis's clock it outlasts the test. */
  private static final Duration LEASE = Duration.ofMinutes(9);

  private final VirtualTime time = new VirtualTime();
  private final List<Assignment> received = new CopyOnWriteArrayList<>();
  private TestRedis redis;
  private TaskNode node;
  private Ownership worker;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis, time.scheduler());
    worker = node.swarm("w");
    await("leadership", SOON, node::leads);
    node.workers().received(worker).subscribe(received::add, over -> {});
  }

  @AfterEach
  void end() {
    node.close();
    time.close();
  }

  @Test
  void lease_ofWhoAskedForIt_isRenewedThreeTimesBeforeItIsOver() {
    take(true);
    try (CommandLog log = redis.commandLog()) {
      for (int renewal = 1; renewal <= 4; renewal++) {
        time.advance(LEASE.dividedBy(3).minusMillis(1));
        assertThat(renewals(log)).as("before renewal %d", renewal).isZero();
        time.advance(Duration.ofMillis(1));
        await("renewal " + renewal, SOON, () -> renewals(log) == 1);
      }
    }
    assertThat(node.task("t").attempts()).isEqualTo(1);
    node.workers().complete(worker, "t", 1, null).block(SOON);
  }

  @Test
  void lease_ofWhoDidNotAsk_isLeftAlone() {
    take(false);
    try (CommandLog log = redis.commandLog()) {
      time.advance(LEASE);
      assertThat(renewals(log)).isZero();
    }
  }

  private void take(boolean autoExtend) {
    node.submit(NewTask.builder("x").id("t").lease(LEASE).build());
    done(node.workers().request(worker, 1, autoExtend));
    await("the assignment", SOON, () -> received.size() == 1);
  }

  /** Since the last look; a call of ours behind them tells that Redis has had them. */
  private long renewals(CommandLog log) {
    done(node.workers().held(worker));
    return log.sent().stream()
        .filter(sent -> sent.contains(Script.TASK_EXTEND.sha1()) && sent.contains(redis.fleet()))
        .count();
  }
}
