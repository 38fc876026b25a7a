package io.multiswarm.conflict;

import io.multiswarm.common.Ownership;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Decides between swarms. Every Mono is cold; errors are {@link
 * io.multiswarm.common.CoordinationException}s, {@code UNAVAILABLE} while Redis is away.
 */
public interface Conflicts {

  /**
   * Decides a conflict; with a vote, when that has ended. The same conflict id gets the first
   * decision again, for a day, whatever has become of the contestants. {@code NOT_FOUND} for a
   * contestant that is named by its id alone and is not registered. Cancelling does not end a vote.
   */
  Mono<Resolution> resolve(Conflict conflict);

  /**
   * Casts the one ballot of a swarm. {@code NOT_FOUND} for an unknown conflict, {@code
   * PERMISSION_DENIED} for a swarm that was not asked, {@code INVALID_ARGUMENT} for another choice
   * than the contestants, {@code ALREADY_EXISTS} for a second ballot, {@code FAILED_PRECONDITION}
   * after the end.
   *
   * @param choice id of a contestant
   */
  Mono<Void> vote(Ownership voter, String conflictId, String choice);

  /**
   * <b>Emission.</b> Requests to vote, one for each swarm that is attached to this node and asked.
   * May come twice after a reconnect.
   *
   * <p><b>Backpressure.</b> None: request without bound; a subscriber without demand misses some.
   *
   * <p><b>Completion and errors.</b> None.
   */
  Flux<VoteRequest> voteRequests();
}
