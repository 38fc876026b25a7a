package io.multiswarm.internal.state;

import static io.multiswarm.state.StateNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.state.StateNode;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Redis is killed while states are saved, copied and restored. It syncs its file with each write:
 * with a sync each second it puts writes off while a sync is slow, and a kill loses what it has
 * acknowledged meanwhile. {@code -Dredis.kills=50} makes more rounds.
 */
@RedisTest(settings = "appendfsync always")
@Tag("container")
class KilledRedisIT {

  private static final int RUNS = Integer.getInteger("redis.kills", 10);

  private final AtomicInteger acknowledged = new AtomicInteger();

  @Test
  void redisKilledDuringSnapshotsAndRecovery_always_leavesACommittedVersion(OwnedRedis redis) {
    for (int run = 0; run < RUNS; run++) {
      try (StateNode node = new StateNode(redis)) {
        Ownership owner = node.register("s1");
        long saved = node.save(owner, "{\"n\":0}");
        acknowledged.set((int) saved);
        work(node, owner).subscribe();
        long target = saved + ThreadLocalRandom.current().nextInt(1, 30);
        Await.await("some saves", StateNode.PATIENCE, () -> acknowledged.get() >= target);
        redis.kill();
      }
      redis.start();
      try (StateNode node = new StateNode(redis)) {
        RecoverySources survey = done(node.manager.sources().survey(Ownership.administrator("s1")));
        assertThat(survey.damaged()).isEmpty();
        RecoverySources.Source best = survey.best();
        assertThat(best).isNotNull();
        // What was acknowledged is in the append-only file; what was under way may be.
        assertThat(best.version()).isGreaterThanOrEqualTo(acknowledged.get());
        assertThat(node.snapshots(Ownership.administrator("s1"))).hasSizeLessThanOrEqualTo(10);
      }
    }
  }

  /** Saves, copies and restores until Redis is gone. */
  private Mono<Void> work(StateNode node, Ownership owner) {
    return Flux.range(1, 10_000)
        .concatMap(
            n ->
                node.states()
                    .save(owner, Json.parse("{\"n\":" + n + "}"), null)
                    .doOnNext(saved -> acknowledged.set((int) saved.version()))
                    .then(node.manager.snapshots().create(owner, null))
                    .flatMap(taken -> node.manager.snapshots().restore(owner, taken.id()))
                    .doOnNext(restored -> acknowledged.set((int) restored.version())))
        .then()
        .onErrorComplete();
  }
}
