package io.multiswarm.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The current state of each swarm: one JSON object with a version.
 *
 * <p><b>Versions.</b> The first is 1 and each save makes the next. They never repeat or go back
 * while the swarm is registered, not by restoring a snapshot and not by deleting the state. Where
 * an {@code ifVersion} is given, it must be the current version, 0 for a swarm without a state;
 * otherwise nothing is written and the call fails with {@code CONFLICT}, whose details name the
 * current {@code version}.
 *
 * <p><b>Errors.</b> {@code NOT_FOUND} for a swarm that is not registered, {@code FENCED} for an
 * incarnation that is not the current one, {@code UNAVAILABLE} while Redis is away.
 *
 * <p><b>Order.</b> What is subscribed for one swarm on one node takes effect in that order, and a
 * load sees what was saved before it. A call that Redis received but whose answer was lost is
 * recognised when it is repeated.
 *
 * <p><b>Life.</b> A state expires when the swarm gave no sign of life for the swarm's TTL, and goes
 * when the swarm is deregistered.
 */
public interface SwarmStates {

  /**
   * Replaces the state. {@code INVALID_ARGUMENT} for what is no JSON object, {@code
   * PAYLOAD_TOO_LARGE} over the limit of a message.
   *
   * @param ifVersion null to replace whatever is there
   */
  Mono<SavedVersion> save(Ownership owner, Json state, @Nullable Long ifVersion);

  /**
   * The state as it was saved last. A holder may be answered from memory for up to five seconds,
   * but never with a version older than one that was saved through this node or that this node
   * heard of. {@code NOT_FOUND} when nothing is saved, {@code FAILED_PRECONDITION} when what is
   * stored is not what was saved.
   */
  Mono<SwarmState> load(Ownership owner);

  /**
   * Changes the state by an RFC 7396 merge patch and tells the result. A swarm without a state has
   * an empty object.
   *
   * @param patch a JSON object
   * @param ifVersion null to patch whatever is there, again if somebody else saved meanwhile
   */
  Mono<SwarmState> update(Ownership owner, Json patch, @Nullable Long ifVersion);

  /** Whether there was one. Snapshots and checkpoints stay. */
  Mono<Boolean> delete(Ownership owner);
}
