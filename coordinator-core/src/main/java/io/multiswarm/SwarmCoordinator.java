package io.multiswarm;

import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.election.Leadership;
import reactor.core.publisher.Mono;

/** One swarm that is held by this node. */
public final class SwarmCoordinator {

  private final MultiSwarmCoordination coordination;
  private final Ownership ownership;

  SwarmCoordinator(MultiSwarmCoordination coordination, Ownership ownership) {
    this.coordination = coordination;
    this.ownership = ownership;
  }

  public String swarmId() {
    return ownership.swarmId();
  }

  /** The proof that calls for this swarm carry; outdated once the swarm is attached elsewhere. */
  public Ownership ownership() {
    return ownership;
  }

  /** Whether this swarm leads the fleet, by this node's clock. */
  public boolean isLeader() {
    return coordination.election().current() instanceof Leadership.Leader leader
        && leader.swarmId().equals(swarmId());
  }

  /** Decides between two swarms, whichever; as {@link MultiSwarmCoordination#resolveConflict}. */
  public Mono<Resolution> resolveConflict(Conflict conflict) {
    return coordination.resolveConflict(conflict);
  }

  public SwarmMessenger messenger() {
    return coordination.getMessenger(swarmId());
  }
}
