package io.multiswarm.internal.state;

import io.multiswarm.common.Ownership;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.SwarmStates;
import reactor.core.publisher.Mono;

/** What a swarm can be recovered from. Errors as in {@link SwarmStates}. */
public interface StateSources {

  /**
   * Finds the first source whose checksum is right: the state, else the newest checkpoint, else the
   * newest snapshot. Changes nothing.
   */
  Mono<RecoverySources> survey(Ownership owner);

  /**
   * Saves a checkpoint or snapshot as a new version of a state that is lost or damaged. {@code
   * CONFLICT} when somebody has saved a sound state meanwhile, {@code NOT_FOUND} when the copy is
   * gone, {@code FAILED_PRECONDITION} when it is damaged.
   */
  Mono<SavedVersion> restoreLost(Ownership owner, RecoverySources.Source source);
}
