package io.multiswarm.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.recovery.DefaultRecovery;
import io.multiswarm.internal.recovery.RecoveryFacts;
import io.multiswarm.internal.recovery.TaskFacts;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.internal.state.RedisStateManager;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

@RedisTest
@Tag("container")
class RecoveryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestRedis redis;
  private final TestNodes node;
  private final NodeContext context;
  private final RegistryNode registry;
  private final RedisStateManager states;
  private final DefaultRecovery recovery;
  private final UpkeepTerm term;

  RecoveryIT(TestRedis redis) {
    this.redis = redis;
    this.node =
        TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    this.context = node.context();
    this.registry = RegistryNode.create(context);
    this.states = new RedisStateManager(context);
    this.recovery =
        new DefaultRecovery(
            context, registry.registry(), registry.lifecycle(), states.sources(), new Facts());
    node.startSignals();
    registry.start();
    this.term =
        Await.awaitValue(
            "upkeep", PATIENCE, () -> new UpkeepTerm(token()), taken -> taken.token() > 0);
  }

  private static final class Facts implements RecoveryFacts {
    @Override
    public Mono<Map<String, TaskFacts>> tasks(Collection<String> swarmIds) {
      TaskFacts some =
          new TaskFacts(
              List.of("t1"), List.of(), List.of("t2", "t3"), List.of(), Duration.ofSeconds(2));
      return Mono.just(Map.of("busy", some));
    }

    @Override
    public Mono<ResourceFacts> resources(String swarmId) {
      return Mono.just(new ResourceFacts(Map.of("cpu", 2L), Map.of("gpu", 1L)));
    }
  }

  @AfterEach
  void close() {
    registry.stop().block(PATIENCE);
    node.close();
  }

  private long token() {
    String token = redis.text("HGET", context.keys().upkeep(), "token");
    return token == null ? 0 : Long.parseLong(token);
  }

  private static <T> T done(Mono<T> mono) {
    T result = mono.block(PATIENCE);
    if (result == null) {
      throw new AssertionError("completed without a value");
    }
    return result;
  }

  private Registration register(String id) {
    NewSwarm swarm = NewSwarm.of("work").withId(id);
    // The node's first beat may be on its way.
    return Await.awaitValue(
        "registration",
        PATIENCE,
        () -> registry.registry().register(swarm).onErrorComplete().block(PATIENCE),
        made -> made != null);
  }

  private void interrupt(Ownership owner) {
    registry.registry().detach(List.of(owner), Departure.GOODBYE).block(PATIENCE);
  }

  private void save(Ownership owner, String json) {
    done(states.states().save(owner, Json.parse(json), null));
  }

  private SwarmStatus status(String swarmId) {
    return done(registry.registry().get(swarmId)).status();
  }

  private RecoveryResult recover(String swarmId) {
    return done(recovery.recoverSwarm(Ownership.administrator(swarmId)));
  }

  private void upkeepRuns(UpkeepTerm by) {
    recovery.duty(RecoveryOptions.defaults()).run(by).block(PATIENCE);
  }

  @Test
  void recovery_ofAnInterruptedSwarm_becomesRecoveringUntilItIsAttached() {
    Registration made = register("s1");
    save(made.ownership(), "{\"phase\":\"build\",\"agents\":[{}]}");
    interrupt(made.ownership());

    RecoveryResult result = recover("s1");

    assertThat(result.success()).isTrue();
    assertThat(result.source()).isEqualTo("state");
    assertThat(result.version()).isEqualTo(1);
    assertThat(result.recoveryPlan().resumeFrom()).isEqualTo("build");
    assertThat(result.recoveryPlan().confidence()).isEqualTo(0.8);
    ResourceFacts resources = result.recoveryPlan().verified().resources();
    assertThat(resources).isEqualTo(new ResourceFacts(Map.of("cpu", 2L), Map.of("gpu", 1L)));
    assertThat(status("s1")).isEqualTo(SwarmStatus.RECOVERING);

    done(registry.registry().attach("s1", made.key()));
    assertThat(status("s1")).isEqualTo(SwarmStatus.ACTIVE);
  }

  @Test
  void recovery_byTheHolderOfAnActiveSwarm_keepsItActive() {
    Registration made = register("s1");
    save(made.ownership(), "{}");
    assertThat(done(recovery.recoverSwarm(made.ownership())).success()).isTrue();
    assertThat(status("s1")).isEqualTo(SwarmStatus.ACTIVE);
    assertThatThrownBy(() -> done(recovery.recoverSwarm(new Ownership("s1", 99))))
        .isInstanceOfSatisfying(
            CoordinationException.class, e -> assertThat(e.is(ErrorCode.FENCED)).isTrue());
  }

  @Test
  void sources_deletedOneAfterTheOther_areTriedInOrder() {
    Registration made = register("s1");
    Ownership owner = made.ownership();
    save(owner, "{\"from\":\"snapshot\"}");
    done(states.snapshots().create(owner, null));
    String checkpoint =
        done(states.checkpoints().create(owner, Json.parse("{\"from\":\"checkpoint\"}"), null))
            .id();
    save(owner, "{\"from\":\"state\"}");

    assertThat(recover("s1").source()).isEqualTo("state");

    redis.cli("DEL", context.keys().state("s1"));
    RecoveryResult second = recover("s1");
    assertThat(second.source()).isEqualTo("checkpoint");
    assertThat(second.state()).isEqualTo(Json.parse("{\"from\":\"checkpoint\"}"));
    assertThat(second.version()).isEqualTo(3);
    assertThat(redis.text("GET", context.keys().state("s1")))
        .isEqualTo("{\"from\":\"checkpoint\"}");

    redis.cli("DEL", context.keys().state("s1"), context.keys().checkpoint("s1", checkpoint));
    RecoveryResult third = recover("s1");
    assertThat(third.source()).isEqualTo("snapshot");
    assertThat(third.version()).isEqualTo(4);
    assertThat(third.recoveryPlan().verified().damaged())
        .containsExactly("checkpoint " + checkpoint);

    redis
        .list("KEYS", "*" + redis.fleet() + "*:snapshot:s1:*")
        .forEach(key -> redis.cli("DEL", key));
    redis.cli("DEL", context.keys().state("s1"));
    assertThat(recover("s1")).isEqualTo(RecoveryResult.nothing("s1"));
  }

  @Test
  void damagedState_isPassedOverAndReplaced() {
    Registration made = register("s1");
    save(made.ownership(), "{\"good\":1}");
    done(states.snapshots().create(made.ownership(), null));
    redis.cli("SETRANGE", context.keys().state("s1"), "2", "b");
    RecoveryResult result = recover("s1");
    assertThat(result.source()).isEqualTo("snapshot");
    assertThat(result.recoveryPlan().verified().damaged()).containsExactly("state");
    assertThat(done(states.states().load(made.ownership())).state())
        .isEqualTo(Json.parse("{\"good\":1}"));
    assertThat(done(states.statistics()).errors()).isEqualTo(1);
  }

  @Test
  void damagedCopies_areSkippedAndReported() {
    Registration made = register("s1");
    Ownership owner = made.ownership();
    save(owner, "{\"from\":\"old snapshot\"}");
    done(states.snapshots().create(owner, null));
    save(owner, "{\"from\":\"new snapshot\"}");
    String snapshot = done(states.snapshots().create(owner, null)).id();
    Json data = Json.parse("{\"from\":\"checkpoint\"}");
    String checkpoint = done(states.checkpoints().create(owner, data, null)).id();
    interrupt(owner);
    redis.cli("DEL", context.keys().state("s1"));
    redis.cli("SETRANGE", context.keys().checkpoint("s1", checkpoint), "2", "#");
    redis.cli("APPEND", context.keys().snapshot("s1", snapshot), " ");

    upkeepRuns(term);

    assertThat(redis.text("GET", context.keys().state("s1")))
        .isEqualTo("{\"from\":\"old snapshot\"}");
    assertThat(String.valueOf(redis.cli("XRANGE", eventHistory(), "-", "+")))
        .contains(
            "\"source\":\"snapshot\"",
            "\"damaged\":[\"checkpoint " + checkpoint + "\",\"snapshot " + snapshot + "\"]");
    assertThat(done(states.statistics()).errors()).isEqualTo(2);
  }

  @Test
  void everySourceDamaged_isNothingToRecoverFromAndReported() {
    Registration made = register("s1");
    save(made.ownership(), "{\"good\":1}");
    String snapshot = done(states.snapshots().create(made.ownership(), null)).id();
    interrupt(made.ownership());
    redis.cli("SETRANGE", context.keys().state("s1"), "2", "#");
    redis.cli("SETRANGE", context.keys().snapshot("s1", snapshot), "2", "#");
    upkeepRuns(term);
    assertThat(recover("s1")).isEqualTo(RecoveryResult.nothing("s1"));
    assertThat(done(states.statistics()).errors()).isEqualTo(4);
    assertThat(String.valueOf(redis.cli("XRANGE", eventHistory(), "-", "+")))
        .contains("swarm_recovery_failed", "\"damaged\":[\"state\",\"snapshot " + snapshot + "\"]");
    assertThat(redis.text("GET", context.keys().state("s1"))).as("evidence").contains("#");
  }

  @Test
  void swarmWithoutSources_afterAShortPatience_fails() {
    Registration made = register("s1");
    interrupt(made.ownership());
    RecoveryOptions atOnce = new RecoveryOptions(Duration.ZERO);
    recovery.duty(atOnce).run(term).block(PATIENCE);
    assertThat(status("s1")).isEqualTo(SwarmStatus.INTERRUPTED);
    recovery.duty(atOnce).run(term).block(PATIENCE);
    assertThat(status("s1")).isEqualTo(SwarmStatus.FAILED);
  }

  @Test
  void plan_withTasksInTheLedger_tellsThem() {
    Registration made = register("busy");
    save(made.ownership(), "{}");
    RecoveryPlan plan = recover("busy").recoveryPlan();
    assertThat(plan.completedTasks()).containsExactly("t1");
    assertThat(plan.pendingTasks()).containsExactly("t2", "t3");
    assertThat(plan.estimatedTime()).isEqualTo(Duration.ofSeconds(4));
    assertThat(plan.verified().tasksRequeued()).isEqualTo(2);
  }

  @Test
  void upkeep_findingHundredInterrupted_recoversEachOnceAndLeavesThemInterrupted() {
    List<Registration> made = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      made.add(register("s" + i));
      save(made.get(i).ownership(), "{\"i\":" + i + "}");
    }
    made.forEach(one -> done(states.snapshots().create(one.ownership(), null)));
    made.forEach(one -> interrupt(one.ownership()));
    redis.cli("DEL", context.keys().state("s7"));

    // One run is all that it takes, and a leader makes one each second.
    upkeepRuns(term);
    assertThat(done(states.statistics()).recoveriesPerformed()).isEqualTo(100);
    upkeepRuns(term);

    assertThat(done(states.statistics()).recoveriesPerformed()).isEqualTo(100);
    assertThat(redis.text("GET", context.keys().state("s7"))).isEqualTo("{\"i\":7}");
    assertThat(done(recovery.discoverInterruptedSwarms())).hasSize(100);
    String events = String.valueOf(redis.cli("XRANGE", eventHistory(), "-", "+"));
    assertThat(events.split("swarm_recovered", -1)).hasSize(101);
  }

  private String eventHistory() {
    return context.keys().history("swarm:events").get(2);
  }

  @Test
  void upkeep_afterASecondInterruption_recoversAgain() {
    Registration made = register("s1");
    save(made.ownership(), "{}");
    interrupt(made.ownership());
    upkeepRuns(term);
    interrupt(done(registry.registry().attach("s1", made.key())).ownership());
    upkeepRuns(term);
    assertThat(done(states.statistics()).recoveriesPerformed()).isEqualTo(2);
  }

  @Test
  void upkeep_ofAnEarlierTerm_recordsNothing() {
    Registration made = register("s1");
    save(made.ownership(), "{}");
    interrupt(made.ownership());
    assertThatThrownBy(() -> upkeepRuns(new UpkeepTerm(term.token() - 1)))
        .isInstanceOfSatisfying(
            CoordinationException.class, e -> assertThat(e.is(ErrorCode.FENCED)).isTrue());
    assertThat(done(states.statistics()).recoveriesPerformed()).isZero();
  }

  @Test
  void swarmWithoutSources_staysInterruptedForLongThenFails() {
    Registration made = register("s1");
    interrupt(made.ownership());
    upkeepRuns(term);
    assertThat(done(states.statistics()).recoveriesFailed()).isEqualTo(1);
    upkeepRuns(term);
    assertThat(status("s1")).isEqualTo(SwarmStatus.INTERRUPTED);

    redis.cli("HINCRBY", context.keys().sys("recovery", "s1"), "at", "-43300000");
    upkeepRuns(term);
    assertThat(status("s1")).isEqualTo(SwarmStatus.FAILED);
    assertThat(done(states.statistics()).recoveriesFailed()).isEqualTo(1);
  }

  @Test
  void recoverAll_ofInterruptedSwarms_givesAResultEach() {
    for (String id : List.of("s1", "s2", "s3")) {
      Registration made = register(id);
      if (!id.equals("s3")) {
        save(made.ownership(), "{}");
      }
      interrupt(made.ownership());
    }
    List<RecoveryResult> results = done(recovery.recoverAllInterrupted().collectList());
    assertThat(results)
        .extracting(RecoveryResult::swarmId)
        .containsExactlyInAnyOrder("s1", "s2", "s3");
    assertThat(results).filteredOn(RecoveryResult::success).hasSize(2);
    assertThat(status("s3")).isEqualTo(SwarmStatus.INTERRUPTED);
  }

  @Test
  void recovery_ofAnEndedOrUnknownSwarm_isRefused() {
    Registration made = register("s1");
    done(
        registry
            .registry()
            .update(
                made.ownership(),
                io.multiswarm.registry.SwarmUpdate.NOTHING.withStatus(SwarmStatus.COMPLETED)));
    assertThatThrownBy(() -> recover("s1"))
        .isInstanceOfSatisfying(
            CoordinationException.class,
            e -> assertThat(e.is(ErrorCode.FAILED_PRECONDITION)).isTrue());
    assertThatThrownBy(() -> recover("nobody"))
        .isInstanceOfSatisfying(
            CoordinationException.class, e -> assertThat(e.is(ErrorCode.NOT_FOUND)).isTrue());
  }
}
