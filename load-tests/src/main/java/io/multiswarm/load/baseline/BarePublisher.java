package io.multiswarm.load.baseline;

import io.multiswarm.load.judge.ChannelPosition;
import reactor.core.publisher.Mono;

/** Publishes a message on a channel of bare Redis. Used on one thread. */
interface BarePublisher {

  /** Publishes {@code <offset>:<message>} and answers the offset. */
  Mono<ChannelPosition> publish(String channel, byte[] message);

  /** Removes what it left in Redis. */
  Mono<Void> cleanUp();
}
