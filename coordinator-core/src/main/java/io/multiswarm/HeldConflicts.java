package io.multiswarm;

import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.conflict.VoteRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The votes of one swarm that is held here. Contracts and errors as {@link Conflicts}. */
public final class HeldConflicts {

  private final Conflicts conflicts;
  private final Ownership owner;

  HeldConflicts(Conflicts conflicts, Ownership owner) {
    this.conflicts = conflicts;
    this.owner = owner;
  }

  /** Requests to vote that are addressed to this swarm. */
  public Flux<VoteRequest> voteRequests() {
    return conflicts.voteRequests().filter(request -> request.swarmId().equals(owner.swarmId()));
  }

  /**
   * Casts the one ballot of this swarm.
   *
   * @param choice id of a contestant
   */
  public Mono<Void> vote(String conflictId, String choice) {
    return conflicts.vote(owner, conflictId, choice);
  }
}
