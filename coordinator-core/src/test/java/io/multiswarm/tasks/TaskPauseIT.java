package io.multiswarm.tasks;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Swarms, and a fleet, that are given nothing for a while. */
@RedisTest
class TaskPauseIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private TestRedis redis;
  private TaskNode node;
  private Ownership paused;
  private Ownership other;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis);
    paused = node.swarm("paused");
    other = node.swarm("other");
    await("leadership", SOON, node::leads);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private static boolean run(Mono<Void> call) {
    return done(call.thenReturn(true));
  }

  private void submit(String id) {
    node.submit(NewTask.builder("x").id(id).lease(Duration.ofHours(1)).build());
  }

  private void isGiven(String id, String swarm) {
    await(id, SOON, () -> swarm.equals(node.task(id).swarmId()));
  }

  private String events() {
    String history = node.context.keys().historyStream("swarm:events");
    return String.valueOf(redis.cli("XRANGE", history, "-", "+"));
  }

  @Test
  void swarm_paused_isGivenNothingAndKeepsWhatItHasAndItsCredit() {
    done(node.workers().request(paused, 3, false));
    submit("t1");
    isGiven("t1", "paused");

    run(node.registry().pause(paused));
    run(node.registry().pause(paused));
    assertThat(done(node.registry().get("paused")).paused()).isTrue();
    submit("t2");
    done(node.workers().request(other, 1, false));
    isGiven("t2", "other");
    submit("t3");
    run(node.workers().complete(paused, "t1", 1, null));
    assertThat(node.task("t3").status()).isEqualTo(TaskStatus.PENDING);

    run(node.registry().resume(paused));
    isGiven("t3", "paused");
    assertThat(done(node.registry().get("paused")).paused()).isFalse();
    assertThat(done(node.workers().request(paused, 1, false))).isEqualTo(2);
  }

  /** The view that a leader begins with is read; a signal would not reach it. */
  @Test
  void pauses_underTheNextLeader_last() {
    done(node.workers().request(paused, 3, false));
    run(node.registry().pause(paused));
    try (TaskNode next = TaskNode.start("n2", redis)) {
      Ownership able = next.swarm("able");
      node.close();
      await("leadership", SOON, next::leads);
      next.submit(NewTask.builder("x").id("t1").build());
      done(next.workers().request(able, 1, false));
      await("assignment", SOON, () -> "able".equals(next.task("t1").swarmId()));
      assertThat(done(next.registry().get("paused")).paused()).isTrue();
    }
  }

  @Test
  void swarm_deregisteredWhilePaused_beginsAnewWithoutPause() {
    run(node.registry().pause(paused));
    run(node.registry().deregister(paused, null));
    assertThat(redis.number("SCARD", node.context.keys().paused())).isZero();
    assertThat(
            done(node.registry().register(NewSwarm.of("again").withId("paused"))).swarm().paused())
        .isFalse();
  }

  @Test
  void fleet_paused_assignsNothingUntilItIsResumed() {
    done(node.workers().request(other, 2, false));
    submit("t1");
    isGiven("t1", "other");
    run(node.queue().pause());
    run(node.queue().pause());
    submit("t2");
    assertThat(done(node.queue().statistics()).paused()).isTrue();
    // A leader that did not hear of it is told by the script, and reads the queue anew.
    node.submit(NewTask.builder("x").id("t3").build());
    assertThat(node.task("t2").status()).isEqualTo(TaskStatus.PENDING);
    run(node.workers().complete(other, "t1", 1, null));

    run(node.queue().resume());
    isGiven("t2", "other");
    assertThat(done(node.queue().statistics()).paused()).isFalse();
  }

  @Test
  void pauses_thatChangeSomething_areTold() {
    run(node.registry().pause(paused));
    run(node.registry().pause(paused));
    run(node.registry().resume(paused));
    run(node.queue().pause());
    run(node.queue().pause());
    run(node.queue().resume());
    String told = events();
    for (String type : List.of("swarm_paused", "swarm_resumed", "tasks_paused", "tasks_resumed")) {
      assertThat(told.split("\"type\":\"" + type + '"', -1)).as(type).hasSize(2);
    }
  }
}
