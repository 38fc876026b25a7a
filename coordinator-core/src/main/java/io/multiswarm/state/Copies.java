package io.multiswarm.state;

import io.multiswarm.common.Ownership;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What a swarm can go back to: its {@link Snapshots} or its {@link Checkpoints}, which differ in
 * how they are made. Errors as in {@link SwarmStates}; an unknown one is {@code NOT_FOUND}.
 *
 * @param <T> what is known of one of them
 */
public interface Copies<T> {

  /** Of a swarm's copies of one kind; one more removes the oldest, in the same step. */
  int MOST = 10;

  /** Characters of a label at most; a longer one is {@code INVALID_ARGUMENT}. */
  int MAX_LABEL = 256;

  /** Newest first. */
  Mono<List<T>> list(Ownership owner);

  /**
   * Saves what the copy has as a new version of the state, greater than any before. {@code
   * FAILED_PRECONDITION} for a damaged one, and nothing is changed.
   */
  Mono<SavedVersion> restore(Ownership owner, String id);

  /** Removes one. */
  Mono<Void> delete(Ownership owner, String id);
}
