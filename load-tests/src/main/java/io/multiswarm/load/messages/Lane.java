package io.multiswarm.load.messages;

import io.multiswarm.load.judge.Position;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One sender's connection. What it carries to one channel keeps its order. */
interface Lane {

  /** The thread on which carrying costs least. */
  Scheduler scheduler();

  /** The swarm whose turn it is to send slot {@code index} of this lane. */
  int sender(long index);

  /** Sends the letter; answers the place that it was given. */
  Mono<Position> carry(Letter letter);

  /**
   * Completes when this lane's own session has heard the letter, which is to be carried after this
   * call, or was told that it is missing. Only for letters to everybody; at once where a lane has
   * no session that hears them.
   */
  default Mono<Void> comesBack(Letter letter) {
    return Mono.empty();
  }
}
