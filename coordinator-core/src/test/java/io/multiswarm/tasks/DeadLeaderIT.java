package io.multiswarm.tasks;

import static io.multiswarm.tasks.TaskNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.resources.RedisResources;
import io.multiswarm.internal.resources.SweepDuty;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ResourceOptions;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens when the node of the leader dies: with another swarm to lead, and without any. */
@RedisTest
class DeadLeaderIT {

  private static final Duration LEADER_LEASE = Duration.ofMinutes(10);

  private final TestRedis redis;

  DeadLeaderIT(TestRedis redis) {
    this.redis = redis;
  }

  @Test
  void leadership_ofADeadNode_passesLongBeforeItsLeaseIsOverAndIsFenced() {
    TaskNode victim = TaskNode.leading("n1", redis, LEADER_LEASE);
    victim.swarm("a");
    try (TaskNode survivor = TaskNode.leading("n2", redis, LEADER_LEASE)) {
      Await.await("the first leader", PATIENCE, victim::leads);
      Leadership.Leader old = (Leadership.Leader) victim.leadership();
      survivor.swarm("b");
      victim.kill();

      Await.await("the next leader", PATIENCE, survivor::leads);
      Leadership.Leader next = (Leadership.Leader) survivor.leadership();
      assertThat(next.swarmId()).isEqualTo("b");
      assertThat(next.epoch()).isGreaterThan(old.epoch());
      Keys keys = survivor.context.keys();
      ScriptCall late =
          ScriptCall.of(Script.LEADER_RENEW)
              .key(keys.leader())
              .key(keys.leadership())
              .arg(old.epoch())
              .arg(LEADER_LEASE);
      assertThat(TaskNode.done(survivor.context.link().run(late)).status()).isEqualTo("FENCED");
    }
  }

  @Test
  void whatADeadSwarmHad_withoutAnySwarmLeft_comesBackAllTheSame() {
    TaskNode victim = TaskNode.leading("n1", redis, LEADER_LEASE);
    Ownership only = victim.swarm("a");
    RedisResources held = new RedisResources(victim.context);
    TaskNode.done(held.define(PoolDefinition.of("permits", 4)));
    TaskNode.done(held.allocate(only, AllocationRequest.of("permits", 4)));
    victim.workers().request(only, 1, true).block(PATIENCE);
    victim.submit(NewTask.builder("work").id("t1").build());
    Await.await(
        "the assignment", PATIENCE, () -> victim.task("t1").status() == TaskStatus.ASSIGNED);

    try (TaskNode survivor = TaskNode.leading("n2", redis, LEADER_LEASE)) {
      ResourceOptions defaults = ResourceOptions.defaults();
      ResourceOptions soon =
          new ResourceOptions(
              Duration.ofMillis(200),
              Duration.ofMillis(400),
              defaults.idleInterval(),
              defaults.idleAfter(),
              defaults.reclaimAfter());
      survivor.upkeep().add(new SweepDuty(survivor.context, soon));
      victim.kill();

      Await.await(
          "the task to be pending",
          PATIENCE,
          () -> survivor.task("t1").status() == TaskStatus.PENDING);
      RedisResources seen = new RedisResources(survivor.context);
      Await.await(
          "the permits to be back",
          PATIENCE,
          () ->
              TaskNode.done(seen.list(new ResourceQuery("permits", null))).get(0).available() == 4);
      assertThat(survivor.leadership()).isInstanceOf(Leadership.Vacant.class);
      assertThat(redis.text("GET", survivor.context.keys().leader())).isNull();
    }
  }
}
