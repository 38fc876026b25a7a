package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import java.util.Locale;

/** Where a task is in its life. */
public enum TaskStatus {
  /** Waits for a swarm with demand, or for its time to come. */
  PENDING(false),
  /** A swarm has it, under a lease. */
  ASSIGNED(false),
  /** A swarm has done it; the one end that is a success. */
  COMPLETED(true),
  /** It used up its attempts; {@link TaskQueue#retry} revives it. */
  DEAD(true),
  /** It was withdrawn. */
  CANCELLED(true);

  private final boolean ended;

  TaskStatus(boolean ended) {
    this.ended = ended;
  }

  public boolean isEnded() {
    return ended;
  }

  /** The word in documents and on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a {@link #word()}; another is refused. */
  public static TaskStatus parse(String what, String word) {
    for (TaskStatus status : values()) {
      if (status.word().equals(word)) {
        return status;
      }
    }
    throw CoordinationException.invalid(
        "%s: \"%s\" is none of pending, assigned, completed, dead, cancelled", what, word);
  }
}
