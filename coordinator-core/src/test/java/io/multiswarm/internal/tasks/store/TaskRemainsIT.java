package io.multiswarm.internal.tasks.store;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of a task that Redis lost stands in nobody's way. */
@RedisTest
class TaskRemainsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private TestRedis redis;
  private TaskNode node;
  private TaskKeys keys;
  private Ownership worker;
  private final List<String> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin(TestRedis server) {
    redis = server;
    node = TaskNode.start("n1", redis);
    keys = new TaskKeys(node.context.keys());
    worker = worker("w1");
    await("leadership", SOON, node::leads);
  }

  @AfterEach
  void end() {
    node.close();
  }

  @Test
  void delayedTask_thatIsLost_doesNotKeepOthersFromBecomingDue() {
    submit("lost", Duration.ofSeconds(1));
    submit("kept", Duration.ofSeconds(1));
    redis.cli("HDEL", keys.tasks(), "lost");

    done(node.workers().request(worker, 2, false));

    await("the other task", SOON, () -> received.contains("w1 kept"));
    assertThat(done(node.queue().statistics()).queueDepth()).isZero();
  }

  @Test
  void pendingTask_thatIsLost_givesWayToOthers() {
    submit("lost", Duration.ZERO);
    submit("unreadable", Duration.ZERO);
    submit("kept", Duration.ZERO);
    redis.cli("HDEL", keys.tasks(), "lost");
    redis.cli("HDEL", keys.specs(), "unreadable");

    done(node.workers().request(worker, 3, false));

    await("the other task", SOON, () -> received.contains("w1 kept"));
    assertThat(received).containsExactly("w1 kept");
    assertThat(done(node.queue().statistics()).queueDepth()).isZero();
    assertThat(redis.number("HLEN", keys.lanes())).isZero();
  }

  @Test
  void assignedTask_thatIsLost_doesNotKeepOthersFromGoingBack() {
    Ownership leaving = worker("w2");
    submit("lost", Duration.ZERO);
    submit("kept", Duration.ZERO);
    done(node.workers().request(leaving, 2, false));
    await(
        "the assignments",
        SOON,
        () -> received.contains("w2 lost") && received.contains("w2 kept"));
    redis.cli("HDEL", keys.tasks(), "lost");

    node.leave(leaving, Departure.GOODBYE);
    done(node.workers().request(worker, 2, false));

    await("the other task", SOON, () -> received.contains("w1 kept"));
    assertThat(redis.list("ZRANGE", keys.assigned(), "0", "-1")).containsExactly("w1|kept|2");
  }

  private Ownership worker(String id) {
    Ownership owner = node.swarm(id);
    node.workers()
        .received(owner)
        .subscribe(given -> received.add(id + " " + given.taskId()), error -> {});
    return owner;
  }

  private void submit(String id, Duration delay) {
    node.submit(NewTask.builder("work").id(id).delay(delay).build());
  }
}
