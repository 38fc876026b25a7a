package io.multiswarm;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.SwarmState;
import io.multiswarm.state.SwarmStates;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The state of one swarm that is held here. Contracts and errors as {@link SwarmStates}. */
public final class HeldState {

  private final SwarmStates states;
  private final Ownership owner;

  HeldState(SwarmStates states, Ownership owner) {
    this.states = states;
    this.owner = owner;
  }

  /** Replaces whatever is there. */
  public Mono<SavedVersion> save(Json state) {
    return states.save(owner, state, null);
  }

  /**
   * Replaces one version.
   *
   * @param ifVersion 0 for a swarm without a state; {@code CONFLICT} when it is not the current one
   */
  public Mono<SavedVersion> save(Json state, long ifVersion) {
    return states.save(owner, state, ifVersion);
  }

  /** {@code NOT_FOUND} when nothing is saved. */
  public Mono<SwarmState> load() {
    return states.load(owner);
  }

  /**
   * Changes the state by an RFC 7396 merge patch.
   *
   * @param ifVersion null to patch whatever is there
   */
  public Mono<SwarmState> update(Json patch, @Nullable Long ifVersion) {
    return states.update(owner, patch, ifVersion);
  }

  /** Whether there was one. */
  public Mono<Boolean> delete() {
    return states.delete(owner);
  }
}
