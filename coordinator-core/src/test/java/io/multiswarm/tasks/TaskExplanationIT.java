package io.multiswarm.tasks;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.tasks.TaskExplanation.Reason;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why a task is where it is; each cause is staged, with others that come after it in the order. */
@RedisTest
class TaskExplanationIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private TestRedis redis;
  private TaskNode node;

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private static NewTask.Builder task() {
    return NewTask.builder("x").id("t1").lease(Duration.ofHours(1));
  }

  private Ownership leading(String id, String... capabilities) {
    Ownership swarm = node.swarm(id, capabilities);
    await("leadership", SOON, node::leads);
    return swarm;
  }

  private TaskExplanation why(Reason reason, TaskStatus status, String... named) {
    TaskExplanation why = done(node.queue().explain("t1"));
    assertThat(why.reason()).as(why.detail()).isEqualTo(reason);
    assertThat(why.status()).isEqualTo(status);
    assertThat(why.detail()).contains(named);
    return why;
  }

  @Test
  void task_withoutAbleSwarm_saysWhatIsMissing() {
    leading("w1", "java");
    node.submit(task().capabilities(List.of("rust")).build());
    why(Reason.NO_ABLE_SWARM, TaskStatus.PENDING, "rust", "1 attached");
  }

  @Test
  void task_whoseAbleSwarmsGaveNoCredit_namesThem() {
    leading("w1", "rust");
    Ownership other = node.swarm("w2", "java");
    done(node.workers().request(other, 5, false));
    node.submit(task().capabilities(List.of("rust")).build());
    why(Reason.NO_CREDIT, TaskStatus.PENDING, "w1", "task.request");
  }

  @Test
  void task_whoseAbleSwarmsArePaused_namesThem() {
    Ownership able = leading("w1", "rust");
    Ownership other = node.swarm("w2", "java");
    done(node.workers().request(able, 5, false));
    done(node.workers().request(other, 5, false));
    done(node.registry().pause(able).thenReturn(true));
    node.submit(task().capabilities(List.of("rust")).build());
    why(Reason.PAUSED, TaskStatus.PENDING, "w1", "swarm.resume");
  }

  @Test
  void task_ofPausedFleet_saysSo() {
    done(node.queue().pause().thenReturn(true));
    node.submit(task().delay(Duration.ofHours(1)).build());
    why(Reason.PAUSED, TaskStatus.PENDING, "task.resume");
  }

  @Test
  void task_submittedForLater_saysWhen() {
    node.submit(task().delay(Duration.ofHours(1)).build());
    TaskExplanation why = why(Reason.DELAYED, TaskStatus.PENDING, "submitted for later");
    assertThat(why.due()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
  }

  /** The leader is one that does nothing, so that what waits goes on waiting. */
  @Test
  void task_behindOthers_countsThem() {
    redis.cli("SET", node.context.keys().leader(), "another", "PX", "3600000");
    Ownership worker = node.swarm("w1");
    done(node.workers().request(worker, 1, false));
    node.submit(NewTask.of("first"));
    node.submit(NewTask.of("second"));
    node.submit(NewTask.builder("high").priority(Priority.HIGH).build());
    node.submit(NewTask.builder("low").priority(Priority.LOW).build());
    node.submit(task().build());
    node.submit(NewTask.of("later"));
    TaskExplanation why = why(Reason.BEHIND, TaskStatus.PENDING, "2 tasks", "1 of a higher");
    assertThat(why.ahead()).isEqualTo(3);
  }

  @Test
  void task_whileNobodyIsAttached_hasNoLeader() {
    node.submit(task().capabilities(List.of("rust")).build());
    why(Reason.NO_LEADER, TaskStatus.PENDING, "No swarm is attached");
  }

  @Test
  void task_beingRetried_saysWhichAttemptFailed() {
    Ownership worker = leading("w1");
    node.submit(task().build());
    done(node.workers().request(worker, 5, false));
    await("assignment", SOON, () -> node.task("t1").status() == TaskStatus.ASSIGNED);
    Failure failure = new Failure(Json.of("no"), true, Duration.ofHours(1));
    done(node.workers().fail(worker, "t1", 1, failure));
    why(Reason.DELAYED, TaskStatus.PENDING, "Attempt 1", "tried again");
  }

  @Test
  void task_assigned_namesWhoHasIt() {
    Ownership worker = leading("w1");
    node.submit(task().build());
    done(node.workers().request(worker, 1, false));
    await("assignment", SOON, () -> node.task("t1").status() == TaskStatus.ASSIGNED);
    done(node.queue().pause().thenReturn(true));
    TaskExplanation why = why(Reason.ASSIGNED, TaskStatus.ASSIGNED, "w1", "attempt 1");
    assertThat(why.swarmId()).isEqualTo("w1");
  }

  @Test
  void task_ended_saysHow() {
    node.submit(task().build());
    done(node.queue().cancel("t1", null));
    why(Reason.ENDED, TaskStatus.CANCELLED, "cancelled");
  }

  @Test
  void task_unknown_isNotFound() {
    refused(ErrorCode.NOT_FOUND, () -> done(node.queue().explain("nothing")));
  }

  @Test
  void task_whileRedisIsAway_isUnavailable(OwnedRedis own) {
    try (TaskNode cutOff = TaskNode.start("n2", own)) {
      cutOff.submit(task().build());
      own.kill();
      await("the outage", SOON, () -> !cutOff.context.link().isUp());
      refused(ErrorCode.UNAVAILABLE, () -> done(cutOff.queue().explain("t1")));
      own.start();
      await("the return", SOON, () -> cutOff.context.link().isUp());
    }
  }
}
