package io.multiswarm.state;

import io.multiswarm.common.Ownership;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Copies of a swarm's state, made inside Redis. */
public interface Snapshots extends Copies<Snapshot> {

  /**
   * Copies the current state. {@code NOT_FOUND} when nothing is saved, {@code FAILED_PRECONDITION}
   * when what is stored is damaged.
   */
  Mono<Snapshot> create(Ownership owner, @Nullable String label);
}
