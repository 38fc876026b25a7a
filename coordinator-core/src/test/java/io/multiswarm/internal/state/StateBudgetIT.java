package io.multiswarm.internal.state;

import static io.multiswarm.state.StateNode.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.StateLimits;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.StateNode;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of states and copies is what Redis has of them, and what is refused for it. */
@RedisTest
class StateBudgetIT {

  private static final String PRINCIPAL = "p";

  private final TestRedis redis;
  private final StateNode node;
  private final Ownership owner;

  StateBudgetIT(TestRedis redis) {
    this.redis = redis;
    this.node = new StateNode(redis, new StateLimits(20_000, 12_000));
    this.owner = created("a");
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Ownership created(String swarmId) {
    Ownership made = node.register(swarmId);
    redis.cli("HSET", node.keys().record(swarmId), "principal", PRINCIPAL);
    return made;
  }

  private static Json sized(int bytes) {
    return Json.parse("{\"x\":\"" + "x".repeat(bytes - 8) + "\"}");
  }

  private void save(Ownership of, int bytes) {
    done(node.states().save(of, sized(bytes), null));
  }

  /** Bytes of all that a swarm has in Redis. */
  private long kept(String swarmId) {
    return List.of("state:" + swarmId, "snapshot:" + swarmId + ":*", "checkpoint:" + swarmId + ":*")
        .stream()
        .flatMap(
            pattern -> redis.list("KEYS", node.keys().swarm(pattern).replace("{", "\\{")).stream())
        .mapToLong(key -> redis.number("STRLEN", key))
        .sum();
  }

  private long counted() {
    return done(node.manager.statistics()).bytes();
  }

  private long countedOf(String principal) {
    String bytes = redis.text("HGET", node.keys().stateWeights(), '|' + principal);
    return bytes == null ? 0 : Long.parseLong(bytes);
  }

  private void refused(String setting, Runnable call) {
    long before = kept("a") + kept("b");
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            CoordinationException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
              assertThat(e.getMessage()).contains(setting);
            });
    assertThat(kept("a") + kept("b")).isEqualTo(before);
  }

  /** One of the calls that change what is kept, whether it is refused or not. */
  private void any(Random random, Ownership of) {
    try {
      switch (random.nextInt(7)) {
        case 0, 1 -> save(of, 10 + random.nextInt(2_000));
        case 2 -> done(node.states().delete(of));
        case 3 -> node.snapshot(of);
        case 4 ->
            done(node.manager.checkpoints().create(of, sized(10 + random.nextInt(900)), null));
        case 5 -> {
          List<Snapshot> all = node.snapshots(of);
          if (!all.isEmpty()) {
            String id = all.get(random.nextInt(all.size())).id();
            if (random.nextBoolean()) {
              node.manager.snapshots().delete(of, id).block(StateNode.PATIENCE);
            } else {
              done(node.manager.snapshots().restore(of, id));
            }
          }
        }
        default -> {
          List<Checkpoint> all = done(node.manager.checkpoints().list(of));
          if (!all.isEmpty()) {
            String id = all.get(random.nextInt(all.size())).id();
            node.manager.checkpoints().delete(of, id).block(StateNode.PATIENCE);
          }
        }
      }
    } catch (CoordinationException refused) {
      assertThat(refused.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void bytes_afterAnyCalls_areThoseThatRedisHas() {
    Ownership other = node.register("b");
    Random random = new Random(13);
    for (int i = 0; i < 300; i++) {
      any(random, random.nextBoolean() ? owner : other);

      assertThat(countedOf(PRINCIPAL)).as("call %d", i).isEqualTo(kept("a"));
      assertThat(counted()).as("call %d", i).isEqualTo(kept("a") + kept("b"));
    }
    assertThat(counted()).isBetween(1L, 20_000L);
    assertThat(countedOf(PRINCIPAL)).isLessThanOrEqualTo(12_000L);
  }

  @Test
  void save_overTheBytesOfAPrincipal_isRefusedByName() {
    Ownership second = created("b");
    save(owner, 6_000);
    save(second, 6_000);

    refused("MAX_STATE_BYTES_PER_PRINCIPAL", () -> save(second, 6_001));
    refused("MAX_STATE_BYTES_PER_PRINCIPAL", () -> node.snapshot(owner));
    refused(
        "MAX_STATE_BYTES_PER_PRINCIPAL",
        () -> done(node.manager.checkpoints().create(owner, Json.EMPTY_OBJECT, null)));

    save(second, 5_000);
    save(owner, 6_000);
    save(node.register("nobodys"), 8_000);
  }

  @Test
  void save_overTheBytesOfAll_isRefusedByName() {
    Ownership nobodys = node.register("b");
    save(nobodys, 19_000);
    save(owner, 1_000);

    refused("STATE_BYTES", () -> save(owner, 1_001));
    save(nobodys, 18_000);
    save(owner, 2_000);
  }

  @Test
  void restoreOfALostState_passesWhateverIsFull() {
    save(owner, 4_000);
    Snapshot snapshot = node.snapshot(owner);
    done(node.states().delete(owner));
    save(node.register("b"), 16_000);

    refused("STATE_BYTES", () -> done(node.manager.snapshots().restore(owner, snapshot.id())));
    RecoverySources sources = done(node.manager.sources().survey(owner));
    done(node.manager.sources().restoreLost(owner, sources.best()));

    assertThat(node.load(owner).state()).isEqualTo(sized(4_000));
    assertThat(counted()).isEqualTo(kept("a") + kept("b")).isEqualTo(24_000);
  }

  @Test
  void whatSwarmsLeft_isRemovedAndCountedNoMore() {
    save(owner, 1_000);
    node.snapshot(owner);
    done(node.manager.checkpoints().create(owner, sized(500), null));
    Ownership living = created("b");
    save(living, 700);
    redis.cli("HDEL", node.keys().roster(), "a");

    node.manager.duty().run(new UpkeepTerm(1)).block(StateNode.PATIENCE);

    assertThat(kept("a")).isZero();
    assertThat(counted()).isEqualTo(700);
    assertThat(countedOf(PRINCIPAL)).isEqualTo(700);
    assertThat(redis.list("HKEYS", node.keys().stateWeights()))
        .containsExactlyInAnyOrder("b", "|" + PRINCIPAL);
  }

  @Test
  void lifeThatFollowsAnother_isCountedForWhoCreatedIt() {
    save(owner, 3_000);
    redis.cli("HSET", node.keys().record("a"), "keyHash", "another", "principal", "q");

    save(owner, 1_000);

    assertThat(countedOf(PRINCIPAL)).isZero();
    assertThat(countedOf("q")).isEqualTo(1_000);
    assertThat(counted()).isEqualTo(1_000);
  }
}
