package io.multiswarm.load.tasks;

import io.multiswarm.load.client.SimulatedSwarms;
import java.net.URI;
import java.util.List;
import reactor.core.publisher.Mono;

/** A way to the queue and back. Swarms are numbered from 0, and so are tasks. */
public interface TaskTransport {

  /** For the report. */
  String name();

  /** Whether the others are compared with it. */
  default boolean isBaseline() {
    return false;
  }

  /** Registers all swarms; none has asked for a task. Sessions come in any order. */
  Mono<List<TaskSession>> open();

  /** What is known of a task, in words. */
  Mono<String> describe(long task);

  /** Never emits; fails when the transport breaks, however long after it was opened. */
  Mono<Void> broken();

  Mono<Void> close();

  /** Makes a transport over a Redis, to compare ours with. */
  interface Factory {

    /**
     * @param payload bytes of data
     */
    TaskTransport over(SimulatedSwarms.Size size, int payload, URI redis);
  }
}
