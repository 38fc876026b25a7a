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
}
