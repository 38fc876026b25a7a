package io.multiswarm.load.messages;

import java.util.List;
import reactor.core.publisher.Mono;

/** A way for letters from swarm to swarm. Swarms are numbered from 0. */
interface Road {

  /** For the report. */
  String name();

  /** The channel in which a letter is given its place. */
  String channel(Letter letter);

  /**
   * Makes everybody ready to receive, and answers the senders' lanes. What arrives is told to
   * {@code observation}.
   */
  Mono<List<Lane>> open(Observation observation);

  /** Never emits; fails when the road breaks, however long after it was opened. */
  Mono<Void> broken();

  Mono<Void> close();
}
