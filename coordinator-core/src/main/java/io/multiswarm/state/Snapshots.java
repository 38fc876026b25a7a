package io.multiswarm.state;

import io.multiswarm.common.Ownership;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Copies of a swarm's state, made inside Redis. Errors as in {@link SwarmStates}; an unknown
 * snapshot is {@code NOT_FOUND}.
 */
public interface Snapshots {

  /** Of a swarm's snapshots; one more removes the oldest, in the same step. */
  int MOST = 10;

  /** Characters of a label at most. */
  int MAX_LABEL = 256;

  /**
   * Copies the current state. {@code NOT_FOUND} when nothing is saved, {@code FAILED_PRECONDITION}
   * when what is stored is damaged, {@code INVALID_ARGUMENT} for a label that is too long.
   */
  Mono<Snapshot> create(Ownership owner, @Nullable String label);

  /** Newest first. */
  Mono<List<Snapshot>> list(Ownership owner);

  /**
   * Saves what the snapshot has as a new version of the state, greater than any before. {@code
   * FAILED_PRECONDITION} for a damaged one, and nothing is changed.
   */
  Mono<SavedVersion> restore(Ownership owner, String snapshotId);

  Mono<Void> delete(Ownership owner, String snapshotId);
}
