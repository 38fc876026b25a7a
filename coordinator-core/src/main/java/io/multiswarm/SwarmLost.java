package io.multiswarm;

import io.multiswarm.common.Ownership;
import java.util.Locale;

/**
 * A swarm is held by this node no more.
 *
 * @param ownership the proof that is outdated now
 * @param reason for programs
 * @param detail the reason in the words of whoever told it, for people
 */
public record SwarmLost(Ownership ownership, Reason reason, String detail) {

  /** Why a holder lost its swarm. */
  public enum Reason {
    /** Somebody else attached it, here or on another node. */
    TAKEN_OVER,
    /** It was deregistered, by its holder or an administrator. */
    DEREGISTERED,
    /** It gave no sign of life for the swarm's TTL. */
    EXPIRED,
    /** It was let go of, and may come back within its grace. */
    SESSION_LOST,
    /** Its holder said goodbye. */
    GOODBYE,
    /** Told by a newer node, in a word that this one does not know. */
    OTHER;

    static Reason of(String detail) {
      String name = detail.toUpperCase(Locale.ROOT).replace(' ', '_');
      for (Reason reason : values()) {
        if (reason.name().equals(name)) {
          return reason;
        }
      }
      return OTHER;
    }
  }

  static SwarmLost of(Ownership ownership, String detail) {
    return new SwarmLost(ownership, Reason.of(detail), detail);
  }

  /** Which swarm is held here no more. */
  public String swarmId() {
    return ownership.swarmId();
  }
}
