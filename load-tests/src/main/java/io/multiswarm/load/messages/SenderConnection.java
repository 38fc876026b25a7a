package io.multiswarm.load.messages;

import io.multiswarm.load.judge.ChannelPosition;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One sender's connection. What it carries to one channel keeps its order. */
public interface SenderConnection {

  /** The thread on which carrying costs least. */
  Scheduler scheduler();

  /** The swarm whose turn it is to send slot {@code index} of this connection. */
  int swarm(long index);

  /** Sends the message; answers the place that it was given. */
  Mono<ChannelPosition> send(TestMessage message);

  /**
   * Completes when this connection's own session has heard the message, which is to be sent after
   * this call, or was told that it is missing. Only for messages to everybody; at once where a
   * connection has no session that hears them.
   */
  default Mono<Void> comesBack(TestMessage message) {
    return Mono.empty();
  }
}
