package io.multiswarm.resources;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Pools that swarms share. Every Mono is cold and is one call when subscribed; none is empty.
 *
 * <p><b>Errors.</b> Each fails with a {@link io.multiswarm.common.CoordinationException}: {@code
 * NOT_FOUND} for a swarm that is not registered or a type that is not defined, {@code FENCED} for
 * an incarnation that is not the current one, {@code INVALID_ARGUMENT} for what is no amount (1 to
 * 2^53-1), {@code UNAVAILABLE} while Redis is away.
 */
public interface Resources {

  /**
   * Makes a pool, or changes it. {@code FAILED_PRECONDITION} for a total below what is held, {@code
   * RESOURCE_EXHAUSTED} for one type too many.
   */
  Mono<Pool> define(PoolDefinition definition);

  /**
   * Gives a swarm all amounts of the request, or none. With a wait, the Mono completes when it is
   * granted: first come, first served a type. {@code RESOURCE_EXHAUSTED} at once for more than the
   * total, and when there is not enough, or others wait, until the time is over.
   *
   * <p>Cancelling leaves the line; so does a swarm that is detached or attached elsewhere. The same
   * request id gets the first answer again, as long as the swarm keeps anything of what it holds
   * and for at least its last 128 allocations of an hour.
   */
  Mono<Grant> allocate(Ownership owner, AllocationRequest request);

  /**
   * Gives back what a swarm holds of a type. {@code FAILED_PRECONDITION} for more than that. The
   * same request id gets the first answer again, and changes nothing, for as long as that of an
   * allocation does; the ids of the two are apart.
   */
  Mono<Grant> release(Ownership owner, ReleaseRequest request);

  /**
   * As {@link #release(Ownership, ReleaseRequest)}, with a request id of its own: to subscribe to
   * the Mono again is to repeat the call.
   *
   * @param amount null for all, which may be nothing
   */
  default Mono<Grant> release(Ownership owner, String type, @Nullable Long amount) {
    String requestId = Ids.unique("r");
    return Mono.defer(() -> release(owner, new ReleaseRequest(type, amount, requestId)));
  }

  /** Pools and who holds them, as of one moment; types and swarms that are not known are none. */
  Mono<List<Pool>> list(ResourceQuery query);

  /** Counters of the whole fleet. */
  Mono<ResourceStatistics> statistics();

  /**
   * Which pools to list.
   *
   * @param type one; null for all
   * @param swarmId only what this swarm holds; without a type, only the pools that it holds of
   */
  record ResourceQuery(@Nullable String type, @Nullable String swarmId) {

    public static final ResourceQuery ALL = new ResourceQuery(null, null);

    public ResourceQuery {
      if (type != null) {
        Ids.check("type", type);
      }
      if (swarmId != null) {
        Ids.checkSwarm("swarmId", swarmId);
      }
    }
  }
}
