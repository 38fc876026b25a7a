package io.multiswarm.internal.registry;

import io.multiswarm.registry.Swarm;

/**
 * Counts what swarms do, for {@link Swarm#metrics()}. Cheap enough for every message: the counts
 * are gathered on this node and written about once a second.
 */
public interface SwarmActivity {

  /** What is counted. */
  enum Counter {
    TASKS_COMPLETED,
    TASKS_FAILED,
    MESSAGES_SENT,
    ERRORS
  }

  /** Adds one. Never fails and never blocks. */
  default void record(String swarmId, Counter counter) {
    record(swarmId, counter, 1);
  }

  void record(String swarmId, Counter counter, long count);
}
