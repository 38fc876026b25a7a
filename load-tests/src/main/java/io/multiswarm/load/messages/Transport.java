package io.multiswarm.load.messages;

import io.multiswarm.load.client.SimulatedSwarms;
import java.net.URI;
import java.util.List;
import reactor.core.publisher.Mono;

/** A way for messages from swarm to swarm. Swarms are numbered from 0. */
public interface Transport {

  /** For the report. */
  String name();

  /** Whether the others are compared with it. */
  default boolean isBaseline() {
    return false;
  }

  /** The channel in which a message is given its place. */
  String channel(TestMessage message);

  /**
   * Makes everybody ready to receive, and answers the senders' connections. What arrives is told to
   * {@code observation}.
   */
  Mono<List<SenderConnection>> open(Observation observation);

  /** Never emits; fails when the transport breaks, however long after it was opened. */
  Mono<Void> broken();

  Mono<Void> close();

  /** Makes a transport over a Redis, to compare ours with. */
  interface Factory {

    /**
     * @param payload bytes of data
     */
    Transport over(SimulatedSwarms.Size size, int payload, URI redis);
  }
}
