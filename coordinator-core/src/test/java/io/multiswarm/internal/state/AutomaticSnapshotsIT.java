package io.multiswarm.internal.state;

import static io.multiswarm.state.StateNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.StateNode;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The interval of five minutes, turned by hand: a phase of it is five seconds. */
@RedisTest
class AutomaticSnapshotsIT {

  private static final Duration INTERVAL = CoordinationOptions.DEFAULT_SNAPSHOT_INTERVAL;
  private static final int PHASES = 60;

  /** Four snapshots at once, hardly more than twelve in a phase. */
  private static final int CALLS_IN_A_ROW = 4;

  private final VirtualTime time = new VirtualTime();
  private final TestRedis redis;
  private final StateNode node;
  private final AtomicLong heard = new AtomicLong();

  AutomaticSnapshotsIT(TestRedis redis) {
    this.redis = redis;
    this.node = new StateNode(redis, time.scheduler());
    node.context.signals().on("mark", any -> heard.incrementAndGet());
  }

  @AfterEach
  void close() {
    node.close();
    time.close();
  }

  private void save(Ownership owner) {
    node.save(owner, "{}");
  }

  /** By now the node has heard of all that was saved. */
  private void hear() {
    long before = heard.get();
    redis.cli("PUBLISH", node.keys().signals(), "mark");
    Await.await("the signals", StateNode.PATIENCE, () -> heard.get() > before);
  }

  /** An interval passes; gives the number of snapshots that were asked for in each phase. */
  private List<Integer> interval(CommandLog log) {
    hear();
    List<Integer> asked = new ArrayList<>();
    for (int phase = 0; phase < PHASES; phase++) {
      time.advance(INTERVAL.dividedBy(PHASES));
      settle();
      asked.add(asked(log));
    }
    return asked;
  }

  /** Answers come in order: when these are there, so are those of the calls before them. */
  private void settle() {
    for (int i = 0; i < CALLS_IN_A_ROW; i++) {
      done(node.manager.snapshots().list(Ownership.administrator("s0")));
    }
  }

  private int asked(CommandLog log) {
    return (int)
        log.sent().stream()
            .filter(sent -> sent.contains(Script.SNAPSHOT_CREATE.sha1()))
            .filter(sent -> sent.contains(redis.fleet()))
            .count();
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void states_thatChanged_areCopiedOnceAnIntervalInTurn() {
    List<Ownership> owners = IntStream.range(0, 120).mapToObj(i -> node.register("s" + i)).toList();
    node.register("without-state");
    owners.forEach(this::save);
    node.manager.start();
    try (CommandLog log = redis.commandLog()) {
      List<Integer> asked = interval(log);
      assertThat(sum(asked)).as("%s", asked).isEqualTo(120);
      assertThat(Collections.max(asked)).as("spread: %s", asked).isLessThan(3 * CALLS_IN_A_ROW);
      assertThat(owners)
          .allSatisfy(
              owner ->
                  assertThat(node.snapshots(owner))
                      .singleElement()
                      .matches(Snapshot::automatic)
                      .matches(taken -> taken.version() == 1));

      assertThat(sum(interval(log))).as("nothing has changed").isZero();

      save(owners.get(3));
      assertThat(sum(interval(log))).isEqualTo(1);
      assertThat(node.snapshots(owners.get(3)))
          .extracting(Snapshot::version)
          .containsExactly(2L, 1L);
    }
    assertThat(done(node.manager.statistics()).errors()).isZero();
  }

  @Test
  void tenFailingSnapshots_endNeitherTheirSwarmsTurnNorTheOthers() {
    Ownership broken = node.register("broken");
    Ownership sound = node.register("s0");
    save(broken);
    redis.cli("SETRANGE", node.keys().state("broken"), "1", "x");
    node.manager.start();
    try (CommandLog log = redis.commandLog()) {
      for (int i = 1; i <= 10; i++) {
        save(sound);
        interval(log);
        assertThat(done(node.manager.statistics()).errors()).isEqualTo(i);
        assertThat(node.snapshots(sound)).hasSize(i);
      }

      save(broken);
      interval(log);
      assertThat(node.snapshots(broken)).extracting(Snapshot::version).containsExactly(2L);
      assertThat(done(node.manager.statistics()).errors()).isEqualTo(10);
    }
  }
}
