package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmRegistry;
import reactor.core.publisher.Mono;

/**
 * The changes of status that only the system makes. Errors as those of {@link SwarmRegistry};
 * {@code FAILED_PRECONDITION} where the swarm's status does not allow the change.
 */
public interface SwarmLifecycle {

  /** From active or interrupted to recovering. */
  Mono<Swarm> beginRecovery(Ownership owner);

  /**
   * From recovering to active. A swarm to which nobody is attached has the grace period to be
   * attached, and is interrupted again after it.
   */
  Mono<Swarm> finishRecovery(Ownership owner);

  /** From recovering back to interrupted. */
  Mono<Swarm> abandonRecovery(Ownership owner);
}
