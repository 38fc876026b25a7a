package io.multiswarm.resources;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.resources.ResourceNode.PATIENCE;
import static io.multiswarm.resources.ResourceNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** Calls that wait, and whose turn it is when something is free. */
class ResourceLineIT extends TwoSwarmsWithPools {

  private static final Duration LONG = Duration.ofSeconds(60);

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
    RegistryNode registry = RegistryNode.create(node.context);
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

  /** Whoever gives up while Redis is away leaves its line when Redis is back. */
  @Test
  void waiting_cancelledDuringAnOutage_isGivenNothingAfterIt(OwnedRedis own) {
    try (ResourceNode alone = ResourceNode.started(own)) {
      Ownership holder = alone.attach("a", 1);
      Ownership waiter = alone.attach("b", 1);
      alone.define("cpu", 10);
      alone.allocate(holder, "cpu", 10);
      Disposable waiting =
          alone
              .resources
              .allocate(waiter, AllocationRequest.of("cpu", 5).waiting(LONG))
              .subscribe();
      Await.await("the line", PATIENCE, () -> alone.waiting() == 1);
      own.stop();
      Await.await("the outage", PATIENCE, () -> !alone.context.link().isUp());
      waiting.dispose();
      own.start();

      Await.await("the return", PATIENCE, () -> alone.context.link().isUp());
      Await.await("nobody in the line", PATIENCE, () -> alone.waiting() == 0);
      done(alone.resources.release(holder, "cpu", null));
      assertThat(alone.pool("cpu").available()).isEqualTo(10);
    }
  }

  private CompletableFuture<Grant> wait(Ownership owner, Map<String, Long> amounts) {
    return node.resources.allocate(owner, AllocationRequest.of(amounts).waiting(LONG)).toFuture();
  }

  private void await(int waiting) {
    Await.await(waiting + " in the line", PATIENCE, () -> node.waiting() == waiting);
  }
}
