package io.multiswarm.resources;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.resources.ResourceNode.LEADER;
import static io.multiswarm.resources.ResourceNode.PATIENCE;
import static io.multiswarm.resources.ResourceNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.RegistryNode;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@RedisTest
class ResourcesIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Holding NOTHING = new Holding(Map.of(), Map.of());

  private TestRedis redis;
  private ResourceNode node;
  private Ownership a;
  private Ownership b;

  @BeforeEach
  void open(TestRedis redis) {
    this.redis = redis;
    this.node = ResourceNode.started(redis);
    this.a = node.attach("a", 1);
    this.b = node.attach("b", 1);
    node.define("cpu", 100);
    node.define("memory", 10);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void allocate_50AtOnceOf10From100_grantsExactly10() {
    try (ResourceNode other = ResourceNode.started(redis)) {
      List<Boolean> granted =
          done(
              Flux.range(0, 50)
                  .map(i -> node.attach("s" + i, 1))
                  .collectList()
                  .flatMapMany(Flux::fromIterable)
                  .index()
                  .flatMap(
                      owner ->
                          (owner.getT1() % 2 == 0 ? node : other)
                              .resources
                              .allocate(owner.getT2(), AllocationRequest.of("cpu", 10))
                              .thenReturn(true)
                              .onErrorResume(
                                  e -> CoordinationException.is(e, ErrorCode.RESOURCE_EXHAUSTED),
                                  e -> Mono.just(false)),
                      50)
                  .collectList());
      assertThat(granted).hasSize(50).filteredOn(was -> was).hasSize(10);
    }
    Pool cpu = node.pool("cpu");
    assertThat(cpu.available()).isZero();
    assertThat(cpu.allocations()).hasSize(10).allMatch(held -> held.amount() == 10);
  }

  @Test
  void allocate_severalTypes_givesAllOrNothing() {
    Grant grant = done(node.resources.allocate(a, request(Map.of("cpu", 30L, "memory", 4L))));
    assertThat(grant.amounts()).containsEntry("cpu", 30L).containsEntry("memory", 4L);
    assertThat(grant.available()).containsEntry("cpu", 70L).containsEntry("memory", 6L);

    refused(
        ErrorCode.RESOURCE_EXHAUSTED,
        () -> done(node.resources.allocate(b, request(Map.of("cpu", 30L, "memory", 7L)))));
    assertThat(node.pool("cpu").available()).isEqualTo(70);
    assertThat(node.pool("memory").available()).isEqualTo(6);
  }

  @Test
  void allocate_sameRequestId_isGrantedOnce() {
    AllocationRequest request = AllocationRequest.of("cpu", 10).withRequestId("r|1 ä");
    Grant first = done(node.resources.allocate(a, request));
    Grant second = done(node.resources.allocate(a, request));
    assertThat(second).isEqualTo(first);
    assertThat(node.pool("cpu").available()).isEqualTo(90);
    assertThat(done(node.resources.allocate(b, request)).available("cpu")).isEqualTo(80);
  }

  @Test
  void allocate_whatIsNoAmount_isRefused() {
    for (long amount : new long[] {0, -1, Long.MIN_VALUE, Amounts.MAX + 1}) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> AllocationRequest.of("cpu", amount));
      refused(ErrorCode.INVALID_ARGUMENT, () -> done(node.resources.release(a, "cpu", amount)));
      refused(ErrorCode.INVALID_ARGUMENT, () -> ReleaseRequest.of("cpu", amount));
    }
    for (String id : List.of("", "r".repeat(129))) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> ReleaseRequest.ofAll("cpu").withRequestId(id));
    }
    refused(ErrorCode.INVALID_ARGUMENT, () -> AllocationRequest.of(Map.of()));
    refused(ErrorCode.NOT_FOUND, () -> node.allocate(a, "gpu", 1));
    refused(ErrorCode.NOT_FOUND, () -> node.allocate(new Ownership("nobody", 1), "cpu", 1));
    refused(ErrorCode.FENCED, () -> node.allocate(new Ownership("a", 2), "cpu", 1));
    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> node.allocate(a, "cpu", 101));
  }

  @Test
  void amounts_upTo2To53_areExact() {
    node.define("bytes", Amounts.MAX);
    Grant grant = node.allocate(a, "bytes", Amounts.MAX - 1);
    assertThat(grant.available("bytes")).isEqualTo(1);
    assertThat(node.pool("bytes").allocations())
        .containsExactly(new Pool.Allocation("a", Amounts.MAX - 1));
  }

  @Test
  void release_partlyThenAll_givesBackWhatIsHeld() {
    node.allocate(a, "cpu", 30);
    assertThat(done(node.resources.release(a, "cpu", 10L)).available("cpu")).isEqualTo(80);
    refused(ErrorCode.FAILED_PRECONDITION, () -> done(node.resources.release(a, "cpu", 21L)));
    refused(ErrorCode.FAILED_PRECONDITION, () -> done(node.resources.release(b, "cpu", 1L)));
    Grant all = done(node.resources.release(a, "cpu", null));
    assertThat(all.amount("cpu")).isEqualTo(20);
    assertThat(all.available("cpu")).isEqualTo(100);
    assertThat(node.pool("cpu").allocations()).isEmpty();
    assertThat(done(node.resources.release(a, "cpu", null)).amount("cpu")).isZero();
  }

  @Test
  void release_sameRequestId_isDoneOnce() {
    node.allocate(a, "cpu", 30);
    node.allocate(b, "cpu", 30);
    ReleaseRequest some = ReleaseRequest.of("cpu", 20).withRequestId("r|1 ä");
    Grant first = done(node.resources.release(a, some));
    assertThat(first.available("cpu")).isEqualTo(60);
    assertThat(done(node.resources.release(b, some)).available("cpu")).isEqualTo(80);
    assertThat(done(node.resources.release(a, some))).as("not over-released").isEqualTo(first);
    assertThat(node.pool("cpu").allocations())
        .containsExactly(new Pool.Allocation("a", 10), new Pool.Allocation("b", 10));

    ReleaseRequest all = ReleaseRequest.ofAll("cpu");
    Grant rest = done(node.resources.release(a, all));
    assertThat(rest.amount("cpu")).isEqualTo(10);
    node.allocate(a, "cpu", 5);
    assertThat(done(node.resources.release(a, all))).isEqualTo(rest);
    assertThat(node.pool("cpu").available()).isEqualTo(85);
  }

  @Test
  void release_byTheRequestIdOfTheAllocation_isNoRepetitionOfIt() {
    Grant given =
        done(node.resources.allocate(a, AllocationRequest.of("cpu", 30).withRequestId("job")));
    ReleaseRequest back = ReleaseRequest.of("cpu", 30).withRequestId("job");
    Grant taken = done(node.resources.release(a, back));
    assertThat(taken.available("cpu")).isEqualTo(100);
    assertThat(
            done(node.resources.allocate(a, AllocationRequest.of("cpu", 30).withRequestId("job"))))
        .isEqualTo(given);
    assertThat(done(node.resources.release(a, back))).isEqualTo(taken);
    assertThat(node.pool("cpu").allocations()).isEmpty();
  }

  @Test
  void release_repeatedAfter128Others_isForgotten() {
    node.allocate(a, "cpu", 100);
    ReleaseRequest first = ReleaseRequest.of("cpu", 1);
    done(node.resources.release(a, first));
    for (int i = 0; i < 127; i++) {
      node.allocate(a, "memory", 1);
      done(node.resources.release(a, ReleaseRequest.ofAll("memory")));
    }
    done(node.resources.release(a, first));
    assertThat(node.pool("cpu").available()).as("known").isEqualTo(1);
    done(node.resources.release(a, ReleaseRequest.ofAll("memory")));
    done(node.resources.release(a, first));
    assertThat(node.pool("cpu").available()).as("forgotten").isEqualTo(2);
  }

  @Test
  void define_belowWhatIsHeld_isRefused() {
    node.allocate(a, "cpu", 30);
    refused(ErrorCode.FAILED_PRECONDITION, () -> node.define("cpu", 29));
    assertThat(done(node.resources.define(PoolDefinition.of("cpu", 30))).available()).isZero();
    assertThat(node.pool("cpu").total()).isEqualTo(30);
  }

  @Test
  void list_ofASwarm_namesWhatItHolds() {
    node.allocate(a, "cpu", 30);
    node.allocate(b, "cpu", 5);
    assertThat(done(node.resources.list(new ResourceQuery(null, "a"))))
        .containsExactly(new Pool("cpu", 100, 65, List.of(new Pool.Allocation("a", 30))));
    assertThat(done(node.resources.list(ResourceQuery.ALL))).hasSize(2);
    assertThat(done(node.resources.list(new ResourceQuery("gpu", null)))).isEmpty();
  }

  /** On a clock that stands still nobody asks again: who is served is so by the release itself. */
  @Test
  void waiters_afterReleases_areServedInOrderAtOnce() {
    node.allocate(a, "cpu", 100);
    ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Grant>> waiting = new ArrayList<>();
    try (VirtualTime still = new VirtualTime();
        ResourceNode patient = ResourceNode.started(redis, still.scheduler())) {
      for (int i = 0; i < 20; i++) {
        Ownership owner = patient.attach("w" + i, 1);
        waiting.add(
            patient
                .resources
                .allocate(owner, AllocationRequest.of("cpu", 5).waiting(LONG))
                .doOnNext(grant -> served.add(owner.swarmId()))
                .toFuture());
        await(i + 1);
      }
      refused(ErrorCode.RESOURCE_EXHAUSTED, () -> node.allocate(b, "cpu", 1));

      List<Long> micros = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        done(node.resources.release(a, "cpu", 5L));
        long released = System.nanoTime();
        assertThat(waiting.get(i)).succeedsWithin(PATIENCE);
        micros.add((System.nanoTime() - released) / 1_000);
      }
      System.out.printf(
          "Waiters were served %d µs after the answer to the release at worst%n",
          Collections.max(micros));
    }
    assertThat(served)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "w" + i).toList());
    assertThat(node.pool("cpu").available()).isZero();
  }

  @Test
  void waiter_forMoreThanIsFree_isNotOvertaken() {
    node.allocate(a, "cpu", 95);
    CompletableFuture<Grant> large = wait(b, Map.of("cpu", 10L));
    await(1);
    CompletableFuture<Grant> small = wait(node.attach("c", 1), Map.of("cpu", 1L));
    await(2);
    CompletableFuture<Grant> both = wait(node.attach("d", 1), Map.of("cpu", 1L, "memory", 1L));
    await(3);
    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> node.allocate(node.attach("e", 1), "memory", 1));
    assertThat(large).isNotDone();

    done(node.resources.release(a, "cpu", 6L));
    large.join();
    small.join();
    assertThat(both).isNotDone();
    done(node.resources.release(a, "cpu", 1L));
    both.join();
    assertThat(node.pool("cpu").available()).isZero();
    assertThat(node.pool("memory").available()).isEqualTo(9);
  }

  @Test
  void waiter_whoseTimeIsOver_isRefused() {
    node.allocate(a, "cpu", 100);
    refused(
        ErrorCode.RESOURCE_EXHAUSTED,
        () ->
            done(
                node.resources.allocate(
                    b, AllocationRequest.of("cpu", 1).waiting(Duration.ofMillis(100)))));
    await(0);
    assertThat(redis.number("ZCARD", node.context.keys().resources().get(3))).isZero();
  }

  @Test
  void waiter_cancelled_leavesTheLineToTheNext() {
    node.allocate(a, "cpu", 95);
    Disposable first =
        node.resources.allocate(b, AllocationRequest.of("cpu", 50).waiting(LONG)).subscribe();
    await(1);
    CompletableFuture<Grant> second = wait(node.attach("c", 1), Map.of("cpu", 5L));
    await(2);
    first.dispose();
    assertThat(second.join().available("cpu")).isZero();
    await(0);
  }

  @Test
  void waiter_cancelledWhileItsRequestIsRepeated_keepsItsPlace() {
    node.allocate(a, "cpu", 100);
    AllocationRequest request = AllocationRequest.of("cpu", 5).withRequestId("r").waiting(LONG);
    Disposable first = node.resources.allocate(b, request).subscribe();
    await(1);
    CompletableFuture<Grant> repeated = node.resources.allocate(b, request).toFuture();
    CompletableFuture<Grant> behind = wait(node.attach("c", 1), Map.of("cpu", 5L));
    await(2);

    first.dispose();
    // A call of the same connection: if the first has left the line, it has done so before.
    done(node.resources.release(a, "cpu", 5L));

    assertThat(repeated).succeedsWithin(PATIENCE);
    assertThat(behind).isNotDone();
  }

  @Test
  void waiter_repeatedByTheNextHolder_keepsItsPlaceWhenTheFormerGivesUp() {
    node.allocate(a, "cpu", 100);
    AllocationRequest request = AllocationRequest.of("cpu", 5).withRequestId("r").waiting(LONG);
    try (VirtualTime still = new VirtualTime();
        ResourceNode former = ResourceNode.started(redis, still.scheduler())) {
      Disposable first = former.resources.allocate(former.attach("b", 1), request).subscribe();
      await(1);
      CompletableFuture<Grant> behind = wait(node.attach("c", 1), Map.of("cpu", 5L));
      await(2);
      CompletableFuture<Grant> repeated =
          node.resources.allocate(node.attach("b", 2), request).toFuture();
      done(node.resources.list(ResourceQuery.ALL));

      first.dispose();
      done(former.resources.list(ResourceQuery.ALL));
      done(node.resources.release(a, "cpu", 5L));

      assertThat(repeated).succeedsWithin(PATIENCE);
      assertThat(behind).isNotDone();
    }
  }

  @Test
  void waiter_whoseSwarmIsAttachedElsewhere_isFencedAndPassedOver() {
    node.allocate(a, "cpu", 100);
    CompletableFuture<Grant> fenced = wait(b, Map.of("cpu", 5L));
    await(1);
    CompletableFuture<Grant> next = wait(node.attach("c", 1), Map.of("cpu", 5L));
    await(2);
    node.attach("b", 2);
    done(node.resources.release(a, "cpu", 5L));
    next.join();
    assertThat(fenced)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .matches(e -> CoordinationException.is(e, ErrorCode.FENCED));
  }

  @Test
  void waiter_whomNoSignalReaches_isServed() {
    try (ResourceNode deaf = ResourceNode.deaf(redis)) {
      node.allocate(a, "cpu", 100);
      Ownership owner = deaf.attach("c", 1);
      CompletableFuture<Grant> waiting =
          deaf.resources.allocate(owner, AllocationRequest.of("cpu", 5).waiting(LONG)).toFuture();
      await(1);
      done(node.resources.release(a, "cpu", 5L));
      assertThat(waiting).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void deregister_ofAHolder_returnsAllAndServesTheNext() {
    RegistryNode registry = RegistryNode.create(node.context, () -> false);
    Ownership holder =
        done(registry.registry().register(NewSwarm.of("x").withId("holder"))).ownership();
    AllocationRequest request = AllocationRequest.of("cpu", 100).withRequestId("r");
    done(node.resources.allocate(holder, request));
    CompletableFuture<Grant> waiting = wait(b, Map.of("cpu", 60L));
    await(1);

    registry.registry().deregister(holder, null).block(PATIENCE);
    assertThat(waiting.join().available("cpu")).isEqualTo(40);
    assertThat(node.pool("cpu").available()).isEqualTo(40);

    Ownership again =
        done(registry.registry().register(NewSwarm.of("x").withId("holder"))).ownership();
    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> done(node.resources.allocate(again, request)));
  }

  @Test
  void sweep_ofSwarmsThatAreGone_returnsWhatTheyHeld() {
    node.lead();
    node.allocate(a, "cpu", 30);
    node.allocate(b, "cpu", 20);
    SweepDuty sweep = new SweepDuty(node.context, options(Duration.ofMillis(300)));
    sweep.run(LEADER).block(PATIENCE);
    assertThat(node.pool("cpu").available()).isEqualTo(50);

    node.forget("a");
    node.lose("b", 2);
    sweep.run(LEADER).block(PATIENCE);
    assertThat(node.pool("cpu").available()).as("a is not registered").isEqualTo(80);
    Await.await(
        "the window to be over",
        PATIENCE,
        () -> {
          sweep.run(LEADER).block(PATIENCE);
          return node.pool("cpu").available() == 100;
        });
    assertThat(done(node.resources.statistics()).returned()).isEqualTo(2);
    assertThat(events()).contains("resource_returned");
    assertThat(node.holding("a")).as("not registered").isEqualTo(NOTHING);
    assertThat(node.holding("b")).isEqualTo(new Holding(Map.of(), Map.of("cpu", 20L)));
    assertThat(redis.number("TTL", node.context.keys().resourceMemo("b")))
        .isBetween(86_000L, 86_400L);

    Ownership back = node.attach("b", 3);
    done(node.resources.release(back, "cpu", null));
    assertThat(node.holding("b").returned()).containsEntry("cpu", 20L);
    assertThat(redis.number("TTL", node.context.keys().resourceMemo("b")))
        .isBetween(86_000L, 86_400L);
    node.allocate(back, "memory", 1);
    assertThat(node.holding("b")).isEqualTo(new Holding(Map.of("memory", 1L), Map.of()));
  }

  @Test
  void sweep_whenTheSwarmIsBackInTime_leavesItAlone() {
    node.lead();
    node.allocate(a, "cpu", 30);
    SweepDuty sweep = new SweepDuty(node.context, options(Duration.ofHours(1)));
    node.lose("a", 2);
    sweep.run(LEADER).block(PATIENCE);
    String gone = node.context.keys().sys("resource-gone");
    assertThat(redis.number("ZCARD", gone)).isEqualTo(1);
    node.attach("a", 3);
    sweep.run(LEADER).block(PATIENCE);
    assertThat(redis.number("ZCARD", gone)).isZero();
    assertThat(node.pool("cpu").available()).isEqualTo(70);
  }

  @Test
  void duties_ofAnOldEpoch_areFenced() {
    node.lead();
    redis.cli("HSET", node.context.keys().leadership(), "epoch", "8");
    ResourceOptions options = ResourceOptions.defaults();
    refused(
        ErrorCode.FENCED, () -> new SweepDuty(node.context, options).run(LEADER).block(PATIENCE));
    refused(
        ErrorCode.FENCED, () -> new IdleDuty(node.context, options).run(LEADER).block(PATIENCE));
  }

  @Test
  void idleHolder_isToldOfOnceAskedAndThenReclaimed() {
    node.lead();
    done(node.resources.define(PoolDefinition.of("gpu", 4).reclaiming()));
    done(node.resources.allocate(a, request(Map.of("cpu", 10L, "gpu", 4L))));
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

  private static AllocationRequest request(Map<String, Long> amounts) {
    return AllocationRequest.of(amounts);
  }

  private CompletableFuture<Grant> wait(Ownership owner, Map<String, Long> amounts) {
    return node.resources.allocate(owner, AllocationRequest.of(amounts).waiting(LONG)).toFuture();
  }

  private void await(int waiting) {
    Await.await(waiting + " in the line", PATIENCE, () -> node.waiting() == waiting);
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
