package io.multiswarm.internal.resources;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.resources.ResourceNode.LEADER;
import static io.multiswarm.resources.ResourceNode.PATIENCE;
import static io.multiswarm.resources.ResourceNode.UPKEEP;
import static io.multiswarm.resources.ResourceNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ResourceOptions;
import io.multiswarm.resources.TwoSwarmsWithPools;
import io.multiswarm.testing.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done for the pools: what nobody holds is returned, and what is idle reclaimed. */
class ResourceDutiesIT extends TwoSwarmsWithPools {

  private static final ResourceHolding NOTHING = new ResourceHolding(Map.of(), Map.of());

  @Test
  void sweep_ofSwarmsThatAreGone_returnsWhatTheyHeld() {
    node.lead();
    node.allocate(a, "cpu", 30);
    node.allocate(b, "cpu", 20);
    SweepDuty sweep = new SweepDuty(node.context, options(Duration.ofMillis(300)));
    sweep.run(UPKEEP).block(PATIENCE);
    assertThat(node.pool("cpu").available()).isEqualTo(50);

    node.forget("a");
    node.lose("b", 2);
    sweep.run(UPKEEP).block(PATIENCE);
    assertThat(node.pool("cpu").available()).as("a is not registered").isEqualTo(80);
    Await.await(
        "the window to be over",
        PATIENCE,
        () -> {
          sweep.run(UPKEEP).block(PATIENCE);
          return node.pool("cpu").available() == 100;
        });
    assertThat(done(node.resources.statistics()).returned()).isEqualTo(2);
    assertThat(events()).contains("resource_returned");
    assertThat(node.holding("a")).as("not registered").isEqualTo(NOTHING);
    assertThat(node.holding("b")).isEqualTo(new ResourceHolding(Map.of(), Map.of("cpu", 20L)));
    assertThat(redis.number("TTL", node.context.keys().resourceMemo("b")))
        .isBetween(86_000L, 86_400L);

    Ownership back = node.attach("b", 3);
    done(node.resources.release(back, "cpu", null));
    assertThat(node.holding("b").returned()).containsEntry("cpu", 20L);
    assertThat(redis.number("TTL", node.context.keys().resourceMemo("b")))
        .isBetween(86_000L, 86_400L);
    node.allocate(back, "memory", 1);
    assertThat(node.holding("b")).isEqualTo(new ResourceHolding(Map.of("memory", 1L), Map.of()));
  }

  @Test
  void sweep_whenTheSwarmIsBackInTime_leavesItAlone() {
    node.lead();
    node.allocate(a, "cpu", 30);
    SweepDuty sweep = new SweepDuty(node.context, options(Duration.ofHours(1)));
    node.lose("a", 2);
    sweep.run(UPKEEP).block(PATIENCE);
    String gone = node.context.keys().sys("resource-gone");
    assertThat(redis.number("ZCARD", gone)).isEqualTo(1);
    node.attach("a", 3);
    sweep.run(UPKEEP).block(PATIENCE);
    assertThat(node.pool("cpu").available()).isEqualTo(70);
  }

  /** It came back, held nothing for a while, and was lost again. */
  @Test
  void sweep_ofASwarmThatIsGoneForTheSecondTime_givesItItsWindowAgain() {
    node.lead();
    node.allocate(a, "cpu", 30);
    SweepDuty sweep = new SweepDuty(node.context, options(Duration.ofMillis(300)));
    node.lose("a", 2);
    sweep.run(UPKEEP).block(PATIENCE);
    Ownership back = node.attach("a", 3);
    done(node.resources.release(back, "cpu", null));
    long until = redis.millis() + 400;
    Await.await("the first window to be over", PATIENCE, () -> redis.millis() > until);
    sweep.run(UPKEEP).block(PATIENCE);
    node.allocate(back, "cpu", 20);
    node.lose("a", 4);
    sweep.run(UPKEEP).block(PATIENCE);
    assertThat(node.pool("cpu").available()).as("it may still come back").isEqualTo(80);
    Await.await(
        "the second window to be over",
        PATIENCE,
        () -> {
          sweep.run(UPKEEP).block(PATIENCE);
          return node.pool("cpu").available() == 100;
        });
  }

  @Test
  void duties_ofAnOldTerm_areFenced() {
    node.lead();
    redis.cli("HSET", node.context.keys().leadership(), "epoch", "8");
    redis.cli("HSET", node.context.keys().upkeep(), "token", "8");
    ResourceOptions options = ResourceOptions.defaults();
    refused(
        ErrorCode.FENCED, () -> new SweepDuty(node.context, options).run(UPKEEP).block(PATIENCE));
    refused(
        ErrorCode.FENCED, () -> new IdleDuty(node.context, options).run(LEADER).block(PATIENCE));
  }

  @Test
  void idleHolder_isToldOfOnceAskedAndThenReclaimed() {
    node.lead();
    done(node.resources.define(PoolDefinition.of("gpu", 4).reclaiming()));
    done(node.resources.allocate(a, AllocationRequest.of(Map.of("cpu", 10L, "gpu", 4L))));
    String load = node.context.keys().load();
    redis.cli("HSET", load, "a", "1");
    redis.cli("HSET", node.context.keys().record("a"), "lastActivity", "1");
    IdleDuty duty = new IdleDuty(node.context, options(Duration.ZERO));
    duty.run(LEADER).block(PATIENCE);
    assertThat(events()).as("a has a task").doesNotContain("resource_idle");

    redis.cli("HDEL", load, "a");
    duty.run(LEADER).block(PATIENCE);
    String asked = node.context.keys().historyStream("swarm:a");
    assertThat(events()).containsOnlyOnce("resource_idle").doesNotContain("resource_reclaimed");
    assertThat(String.valueOf(redis.cli("XRANGE", asked, "-", "+")))
        .contains("resource_release_request", "{\"gpu\":4}");

    Await.await(
        "the patience to be over",
        PATIENCE,
        () -> {
          duty.run(LEADER).block(PATIENCE);
          return node.pool("gpu").available() == 4;
        });
    assertThat(events()).containsOnlyOnce("resource_reclaimed");
    assertThat(node.pool("cpu").available()).as("not to be reclaimed").isEqualTo(90);
  }

  private String events() {
    return String.valueOf(
        redis.cli("XRANGE", node.context.keys().historyStream("swarm:events"), "-", "+"));
  }

  private static ResourceOptions options(Duration recoveryWindow) {
    ResourceOptions defaults = ResourceOptions.defaults();
    return new ResourceOptions(
        defaults.sweepInterval(),
        recoveryWindow,
        defaults.idleInterval(),
        Duration.ofMillis(1),
        Duration.ofMillis(1));
  }
}
