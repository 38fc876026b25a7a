package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.Durability;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.Task;
import io.multiswarm.testing.ReplicaPair;
import io.multiswarm.testing.SentinelGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What was acknowledged under durability {@code replicated} outlives the master. */
class ReplicatedIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int AT_ONCE = 16;
  private static final Retry AGAIN =
      Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)).filter(ReplicatedIT::isAway);

  private final List<MultiSwarmCoordination> nodes = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();
  private final Set<String> ledger = ConcurrentHashMap.newKeySet();
  private final AtomicReference<String> refusal = new AtomicReference<>();

  private static boolean isAway(Throwable error) {
    return error instanceof CoordinationException refused
        && refused.code() == ErrorCode.UNAVAILABLE;
  }

  private MultiSwarmCoordination node(String uri, Durability durability) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(
            ConnectOptions.of(uri).withPolicies(Policies.defaults().withDurability(durability)));
    nodes.add(node);
    node.initialize().block(SOON);
    return node;
  }

  @AfterEach
  void end() {
    Flux.fromIterable(nodes)
        .flatMap(MultiSwarmCoordination::shutdown)
        .onErrorComplete()
        .blockLast(SOON);
    ends.forEach(Runnable::run);
  }

  private ReplicaPair pair() {
    ReplicaPair pair = ReplicaPair.launch("min-replicas-to-write 1", "min-replicas-max-lag 100");
    ends.add(pair::close);
    return pair;
  }

  /** Submits without end, each id until it is acknowledged. */
  private Disposable submitting(MultiSwarmCoordination node) {
    return Flux.range(1, Integer.MAX_VALUE)
        .flatMap(n -> submission(node, "t" + n).retryWhen(AGAIN), AT_ONCE)
        .subscribe(ledger::add);
  }

  private Mono<String> submission(MultiSwarmCoordination node, String id) {
    return Mono.defer(() -> node.tasks().submit(null, NewTask.builder("d").id(id).build()))
        .doOnError(error -> refusal.set(String.valueOf(error.getMessage())))
        .thenReturn(id);
  }

  private static boolean isUnconfirmed(String text) {
    return text.contains("0 of the 1 replicas that durability replicated asks for")
        && text.contains("the outcome is unknown, try again");
  }

  private void everythingAcknowledgedIsAt(MultiSwarmCoordination node) {
    List<String> found =
        Flux.fromIterable(ledger)
            .flatMap(id -> node.tasks().get(id).onErrorResume(error -> Mono.empty()), AT_ONCE)
            .map(Task::id)
            .collectList()
            .block(SOON);
    assertThat(found).containsExactlyInAnyOrderElementsOf(ledger);
  }

  @Test
  void replica_paused_makesChangesFailByNameAndReadsPass() {
    ReplicaPair redis = pair();
    MultiSwarmCoordination node = node(redis.master().uri(), Durability.REPLICATED);
    redis.replica().pause();

    submission(node, "t1").retryWhen(AGAIN).subscribe(ledger::add);
    await("the refusal", SOON, () -> refusal.get() != null && isUnconfirmed(refusal.get()));
    assertThat(node.tasks().get("t1").retryWhen(AGAIN).block(SOON)).isNotNull();
    assertThat(ledger).isEmpty();

    redis.replica().resume();
    await("the replica's confirmation", SOON, () -> ledger.contains("t1"));
    assertThat(node.tasks().statistics().block(SOON).tasksSubmitted()).isEqualTo(1);
  }

  /** The network between the two falls silent, and nobody has noticed when the master dies. */
  @Test
  void master_lostWithItsReplicaBehind_hadAcknowledgedNothingThatTheReplicaLacks() {
    ReplicaPair redis = pair();
    MultiSwarmCoordination node = node(redis.master().uri(), Durability.REPLICATED);
    Disposable submitting = submitting(node);
    await("submissions", SOON, () -> ledger.size() > 200);

    redis.between().swallow();
    refusal.set(null);
    await("a refusal", SOON, () -> refusal.get() != null);
    submitting.dispose();
    redis.master().kill();
    redis.replica().cli("REPLICAOF", "NO", "ONE");

    everythingAcknowledgedIsAt(node(redis.replica().uri(), Durability.MEMORY));
  }

  @Test
  void sentinel_failsOverFromAFrozenMaster_nothingAcknowledgedIsLost() {
    SentinelGroup redis =
        SentinelGroup.launch(2, "", "min-replicas-to-write 1", "min-replicas-max-lag 10");
    ends.add(redis::close);
    MultiSwarmCoordination node = node(redis.uri(), Durability.REPLICATED);
    Disposable submitting = submitting(node);
    await("submissions", SOON, () -> ledger.size() > 200);

    redis.pause(0);
    await("the promotion", SOON, () -> redis.isMaster(1) || redis.isMaster(2));
    int before = ledger.size();
    await("submissions to the new master", SOON, () -> ledger.size() > before + 200);
    redis.resume(0);
    submitting.dispose();

    everythingAcknowledgedIsAt(node);
  }
}
