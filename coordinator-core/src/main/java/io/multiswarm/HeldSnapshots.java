package io.multiswarm;

import io.multiswarm.common.Ownership;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.Snapshots;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The snapshots of one swarm that is held here. Contracts and errors as {@link Snapshots}. */
public final class HeldSnapshots {

  private final Snapshots snapshots;
  private final Ownership owner;

  HeldSnapshots(Snapshots snapshots, Ownership owner) {
    this.snapshots = snapshots;
    this.owner = owner;
  }

  /** Copies the current state. */
  public Mono<Snapshot> create(@Nullable String label) {
    return snapshots.create(owner, label);
  }

  /** Newest first. */
  public Mono<List<Snapshot>> list() {
    return snapshots.list(owner);
  }

  /** Saves what the snapshot has as a new version of the state. */
  public Mono<SavedVersion> restore(String snapshotId) {
    return snapshots.restore(owner, snapshotId);
  }

  /** Removes one. */
  public Mono<Void> delete(String snapshotId) {
    return snapshots.delete(owner, snapshotId);
  }
}
