package io.multiswarm;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Checkpoints;
import io.multiswarm.state.SavedVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The checkpoints of one swarm that is held here. Contracts and errors as {@link Checkpoints}. */
public final class HeldCheckpoints {

  private final Checkpoints checkpoints;
  private final Ownership owner;

  HeldCheckpoints(Checkpoints checkpoints, Ownership owner) {
    this.checkpoints = checkpoints;
    this.owner = owner;
  }

  /**
   * Says what the swarm can resume from.
   *
   * @param data a JSON object
   */
  public Mono<Checkpoint> create(Json data, @Nullable String label) {
    return checkpoints.create(owner, data, label);
  }

  /** Newest first. */
  public Mono<List<Checkpoint>> list() {
    return checkpoints.list(owner);
  }

  /** Saves what the checkpoint has as a new version of the state. */
  public Mono<SavedVersion> restore(String checkpointId) {
    return checkpoints.restore(owner, checkpointId);
  }

  /** Removes one. */
  public Mono<Void> delete(String checkpointId) {
    return checkpoints.delete(owner, checkpointId);
  }
}
