package io.multiswarm.state;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.state.StateNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Snapshots and checkpoints. */
@RedisTest
@Tag("container")
class CopiesIT {

  private final TestRedis redis;
  private final StateNode node;
  private final Ownership owner;

  CopiesIT(TestRedis redis) {
    this.redis = redis;
    this.node = new StateNode(redis);
    this.owner = node.register("s1");
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Checkpoint checkpoint(String json) {
    return done(node.manager.checkpoints().create(owner, Json.parse(json), null));
  }

  private List<Checkpoint> checkpoints() {
    return done(node.manager.checkpoints().list(owner));
  }

  private SavedVersion restore(Snapshot snapshot) {
    return done(node.manager.snapshots().restore(owner, snapshot.id()));
  }

  @Test
  void snapshot_ofAState_isACopyUnderTheDocumentedKey() {
    node.save(owner, "{\"a\": 1}");
    Snapshot taken = done(node.manager.snapshots().create(owner, "before \"it\" é"));
    assertThat(taken.version()).isEqualTo(1);
    assertThat(taken.label()).isEqualTo("before \"it\" é");
    assertThat(taken.automatic()).isFalse();
    assertThat(redis.text("GET", node.keys().snapshot("s1", taken.id()))).isEqualTo("{\"a\": 1}");
    assertThat(node.snapshots(owner)).containsExactly(taken);
  }

  @Test
  void snapshot_withoutAState_isNotFound() {
    refused(ErrorCode.NOT_FOUND, () -> node.snapshot(owner));
  }

  @Test
  void label_thatIsTooLong_isInvalid() {
    node.save(owner, "{}");
    String label = "x".repeat(Copies.MAX_LABEL + 1);
    refused(ErrorCode.INVALID_ARGUMENT, () -> done(node.manager.snapshots().create(owner, label)));
    assertThat(node.snapshots(owner)).isEmpty();
  }

  @Test
  void snapshots_beyondTen_removeTheOldestWithItsKey() {
    List<Snapshot> taken = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      node.save(owner, "{\"i\":" + i + "}");
      taken.add(0, node.snapshot(owner));
    }
    assertThat(node.snapshots(owner)).isEqualTo(taken.subList(0, 10));
    assertThat(redis.list("KEYS", "*" + redis.fleet() + "*:snapshot:s1:*")).hasSize(10);
  }

  @Test
  void snapshots_takenConcurrentlyOnTwoNodes_areNeverMoreThanTen() {
    node.save(owner, "{}");
    try (StateNode other = new StateNode(redis)) {
      Ownership anyone = Ownership.administrator("s1");
      done(
          Flux.range(0, 100)
              .flatMap(
                  i -> (i % 2 == 0 ? node : other).manager.snapshots().create(anyone, "n" + i), 8)
              .count());
    }
    assertThat(node.snapshots(owner)).hasSize(10);
    assertThat(redis.list("KEYS", "*" + redis.fleet() + "*:snapshot:s1:*")).hasSize(10);
  }

  @Test
  void restore_ofAnOldSnapshot_savesANewVersion() {
    node.save(owner, "{\"old\":1}");
    Snapshot old = node.snapshot(owner);
    node.save(owner, "{\"new\":1}");
    assertThat(restore(old).version()).isEqualTo(3);
    SwarmState state = node.load(owner);
    assertThat(state.state()).isEqualTo(Json.parse("{\"old\":1}"));
    assertThat(state.version()).isEqualTo(3);
    assertThat(restore(old).version()).isEqualTo(4);
  }

  @Test
  void restore_whenEverythingElseIsLost_exceedsTheSnapshotsVersion() {
    for (int i = 0; i < 5; i++) {
      node.save(owner, "{}");
    }
    Snapshot taken = node.snapshot(owner);
    redis.cli("DEL", node.keys().state("s1"), node.keys().sys("state", "s1"));
    assertThat(restore(taken).version()).isEqualTo(6);
  }

  @Test
  void restore_ofADamagedSnapshot_changesNothing() {
    node.save(owner, "{\"a\":1}");
    Snapshot taken = node.snapshot(owner);
    redis.cli("SETRANGE", node.keys().snapshot("s1", taken.id()), "2", "b");
    refused(ErrorCode.FAILED_PRECONDITION, () -> restore(taken));
    assertThat(node.load(owner).version()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}x", "{\"b\":1}"})
  void snapshot_ofADamagedState_isRefused(String damaged) {
    node.save(owner, "{\"a\":1}");
    redis.cli("SET", node.keys().state("s1"), damaged);
    refused(ErrorCode.FAILED_PRECONDITION, () -> node.snapshot(owner));
    assertThat(node.snapshots(owner)).isEmpty();
  }

  @Test
  void deletion_ofASnapshot_removesItOnce() {
    node.save(owner, "{}");
    Snapshot taken = node.snapshot(owner);
    node.manager.snapshots().delete(owner, taken.id()).block(StateNode.PATIENCE);
    assertThat(node.snapshots(owner)).isEmpty();
    assertThat(redis.cli("GET", node.keys().snapshot("s1", taken.id()))).isNull();
    refused(
        ErrorCode.NOT_FOUND,
        () -> node.manager.snapshots().delete(owner, taken.id()).block(StateNode.PATIENCE));
    refused(ErrorCode.NOT_FOUND, () -> restore(taken));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> node.manager.snapshots().delete(owner, "*").block(StateNode.PATIENCE));
  }

  @Test
  void checkpoints_beyondTen_removeTheOldestWithItsKey() {
    List<Checkpoint> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add(0, checkpoint("{\"step\":" + i + "}"));
    }
    assertThat(checkpoints()).isEqualTo(made.subList(0, 10));
    assertThat(made.get(0).version()).isZero();
    assertThat(redis.text("GET", node.keys().checkpoint("s1", made.get(0).id())))
        .isEqualTo("{\"step\":11}");
    assertThat(redis.list("KEYS", "*" + redis.fleet() + "*:checkpoint:s1:*")).hasSize(10);
  }

  @Test
  void checkpoint_ofWhatIsNoObject_isInvalid() {
    refused(ErrorCode.INVALID_ARGUMENT, () -> checkpoint("[1]"));
  }

  @Test
  void checkpoint_restored_becomesTheState() {
    node.save(owner, "{}");
    Checkpoint made = checkpoint("{\"step\":1}");
    assertThat(done(node.manager.checkpoints().restore(owner, made.id())).version()).isEqualTo(2);
    assertThat(node.load(owner).state()).isEqualTo(Json.parse("{\"step\":1}"));
  }
}
