package io.multiswarm.load.tasks;

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
}
