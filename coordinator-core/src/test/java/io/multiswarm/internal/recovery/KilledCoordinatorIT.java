package io.multiswarm.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Checksum;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.internal.state.RedisStateManager;
import io.multiswarm.recovery.RecoveringProcess;
import io.multiswarm.recovery.Recovery;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The coordinator that recovers is killed on its way. A round by default; {@code
 * -Drecovery.kills=50} makes more.
 */
@RedisTest
class KilledCoordinatorIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUNDS = Integer.getInteger("recovery.kills", 1);
  private static final int SWARMS = 100;

  /** Without the duty that recovers, so that nothing is recovered that is not asked for. */
  private static final class Node implements AutoCloseable, RecoveryFacts {
    final TestNodes node;
    final NodeContext context;
    final RegistryNode registry;
    final RedisStateManager states;
    final Recovery recovery;

    Node(TestRedis redis) {
      node =
          TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
      context = node.context();
      registry = RegistryNode.create(context);
      states = new RedisStateManager(context);
      recovery =
          new DefaultRecovery(
              context, registry.registry(), registry.lifecycle(), states.sources(), this);
      node.startSignals();
      registry.start();
    }

    @Override
    public Mono<Map<String, TaskFacts>> tasks(Collection<String> swarmIds) {
      return Mono.just(Map.of());
    }

    @Override
    public Mono<ResourceFacts> resources(String swarmId) {
      return Mono.just(ResourceFacts.NONE);
    }

    /** Two versions of a state, a copy of the second or a checkpoint, and an interruption. */
    Mono<Void> prepare(int number) {
      return registry
          .registry()
          .register(NewSwarm.of("work").withId("s" + number))
          .map(Registration::ownership)
          .flatMap(
              owner ->
                  states
                      .states()
                      .save(owner, Json.EMPTY_OBJECT, null)
                      .then(states.states().save(owner, source(number), null))
                      .then(
                          number % 2 == 0
                              ? states.snapshots().create(owner, null).then()
                              : states.checkpoints().create(owner, source(number), null).then())
                      .then(registry.registry().detach(List.of(owner), Departure.GOODBYE)));
    }

    @Override
    public void close() {
      registry.stop().block(PATIENCE);
      states.stop();
      node.close();
    }
  }

  private static Json source(int number) {
    return Json.parse("{\"number\":" + number + "}");
  }

  /** A test each, so that each has its own fleet and its own time, however many there are. */
  static IntStream rounds() {
    return IntStream.range(0, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void coordinatorKilledDuringRecovery_always_leavesCommittedVersions(int round, TestRedis redis) {
    try (Node node = new Node(redis)) {
      // The node's first beat may be on its way.
      Await.await("the node", PATIENCE, () -> prepared(node, 0));
      Flux.range(1, SWARMS - 1).flatMap(node::prepare, 4).blockLast(PATIENCE);
      for (int i = 0; i < SWARMS; i++) {
        redis.cli("DEL", node.context.keys().state("s" + i));
      }
      // It would keep the fleet up, without a duty that recovers, and leave the process none.
      node.registry.stop().block(PATIENCE);
      String statistics = node.context.keys().stateStatistics();
      int target = ThreadLocalRandom.current().nextInt(1, SWARMS * 3 / 4);
      try (RecoveringProcess process = new RecoveringProcess(redis.uri(), redis.fleet())) {
        awaitRecoveries(process, target, () -> redis.text("HGET", statistics, "statesRestored"));
        assertThat(process.isAlive()).as(process::story).isTrue();
      }
      long restored = number(redis.text("HGET", statistics, "statesRestored"));
      assertThat(committed(redis, node)).isEqualTo(restored);
      System.out.printf("Round %d: killed after %d of %d recoveries%n", round, restored, SWARMS);

      List<RecoveryResult> rest =
          node.recovery.recoverAllInterrupted().collectList().block(PATIENCE);
      assertThat(rest).hasSize(SWARMS).allMatch(RecoveryResult::success);
      assertThat(committed(redis, node)).isEqualTo(SWARMS);
      assertThat(rest)
          .filteredOn(result -> "state".equals(result.source()))
          .hasSize((int) restored);
    }
  }

  private static void awaitRecoveries(
      RecoveringProcess process, int target, Supplier<String> restored) {
    try {
      Await.await("recoveries", PATIENCE, () -> number(restored.get()) >= target);
    } catch (AssertionError late) {
      throw new AssertionError("The process is " + process.story(), late);
    }
  }

  private static boolean prepared(Node node, int number) {
    return Boolean.TRUE.equals(
        node.prepare(number).thenReturn(true).onErrorReturn(false).block(PATIENCE));
  }

  /** Swarms that have a state again; each state is whole and of the one version after the loss. */
  private static int committed(TestRedis redis, Node node) {
    int committed = 0;
    for (int i = 0; i < SWARMS; i++) {
      String state = redis.text("GET", node.context.keys().state("s" + i));
      String meta = node.context.keys().sys("state", "s" + i);
      assertThat(redis.text("HGET", meta, "version")).isEqualTo(state == null ? "2" : "3");
      if (state != null) {
        committed++;
        assertThat(state).isEqualTo(source(i).toString());
        assertThat(redis.text("HGET", meta, "sha1"))
            .isEqualTo(Checksum.of(state.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return committed;
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text);
  }
}
