package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Priority;
import io.multiswarm.tasks.TaskWorkers;
import java.util.Set;

/**
 * An attached swarm, as the distribution must know it.
 *
 * @param isPaused whether its credit is not to be used for now
 */
record Member(
    String swarmId,
    Priority priority,
    Set<String> capabilities,
    Credit credit,
    int load,
    boolean isPaused) {

  /** What it can be given now. */
  int open() {
    return isPaused ? 0 : credit.unused();
  }

  /**
   * What a swarm may be given. Both numbers only grow while the incarnation lasts, so reports that
   * overtake each other do no harm.
   *
   * @param granted since the swarm was attached
   * @param used of it
   */
  record Credit(long incarnation, long granted, long used) {

    /** From the text {@code incarnation:granted:used}; what is of another incarnation is none. */
    static Credit of(long incarnation, String text) {
      if (!text.isEmpty()) {
        Credit read = parse(text);
        if (read.incarnation == incarnation) {
          return read;
        }
      }
      return new Credit(incarnation, 0, 0);
    }

    static Credit parse(String text) {
      String[] parts = text.split(":", 3);
      return new Credit(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    int unused() {
      return (int) Math.max(0, Math.min(TaskWorkers.MAX_CREDIT, granted - used));
    }

    /** The later of both reports, of the same incarnation. */
    Credit later(Credit other) {
      return new Credit(incarnation, Math.max(granted, other.granted), Math.max(used, other.used));
    }
  }
}
