package io.multiswarm.resources;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.resources.ResourceNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.resources.Resources.ResourceQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is given, held and given back. */
class ResourcesIT extends TwoSwarmsWithPools {

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
    Grant grant =
        done(node.resources.allocate(a, AllocationRequest.of(Map.of("cpu", 30L, "memory", 4L))));
    assertThat(grant.amounts()).containsEntry("cpu", 30L).containsEntry("memory", 4L);
    assertThat(grant.available()).containsEntry("cpu", 70L).containsEntry("memory", 6L);

    refused(
        ErrorCode.RESOURCE_EXHAUSTED,
        () ->
            done(
                node.resources.allocate(
                    b, AllocationRequest.of(Map.of("cpu", 30L, "memory", 7L)))));
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
}
