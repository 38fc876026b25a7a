package io.multiswarm;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Ownership;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import io.multiswarm.resources.Resources;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What one swarm that is held here takes from the fleet's pools. Contracts and errors as {@link
 * Resources}.
 */
public final class HeldResources {

  private final Resources resources;
  private final Ownership owner;

  HeldResources(Resources resources, Ownership owner) {
    this.resources = resources;
    this.owner = owner;
  }

  /** Takes an amount, or is refused at once; to subscribe again is to repeat the call. */
  public Mono<Grant> allocate(String type, long amount) {
    return allocate(AllocationRequest.of(type, amount).withRequestId(Ids.unique("r")));
  }

  /** Takes all amounts of the request, or none; with a wait, when it is this swarm's turn. */
  public Mono<Grant> allocate(AllocationRequest request) {
    return resources.allocate(owner, request);
  }

  /**
   * Gives back.
   *
   * @param amount null for all, which may be nothing
   */
  public Mono<Grant> release(String type, @Nullable Long amount) {
    return resources.release(owner, type, amount);
  }
}
