package io.multiswarm.state;

import reactor.core.publisher.Mono;

/** State, snapshots and checkpoints of all swarms. */
public interface SwarmStateManager {

  /** The states themselves. */
  SwarmStates states();

  /** Copies of states. */
  Snapshots snapshots();

  /** What swarms say that they can resume from. */
  Checkpoints checkpoints();

  /** What this node has saved and copied. */
  Mono<StateStatistics> statistics();
}
