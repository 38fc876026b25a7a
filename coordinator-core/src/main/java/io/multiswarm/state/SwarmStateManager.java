package io.multiswarm.state;

import reactor.core.publisher.Mono;

/** State, snapshots and checkpoints of all swarms. */
public interface SwarmStateManager {

  SwarmStates states();

  Snapshots snapshots();

  Checkpoints checkpoints();

  Mono<StateStatistics> statistics();
}
