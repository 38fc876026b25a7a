package io.multiswarm.server.session;

import io.multiswarm.common.Ownership;
import java.util.Collection;
import reactor.core.publisher.Mono;

/** What sessions need of the registry. */
public interface SwarmCustody {

  /** Completes when there is such a swarm; {@code NOT_FOUND} when there is none. */
  Mono<Void> requireRegistered(String swarmId);

  /**
   * Lets go of what an ended session held.
   *
   * @param goodbye whether it left on purpose; else its swarms are kept for the grace period
   */
  Mono<Void> letGo(Collection<Ownership> held, boolean goodbye);
}
