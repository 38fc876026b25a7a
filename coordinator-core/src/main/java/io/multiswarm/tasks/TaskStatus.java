package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import java.util.Locale;

/** Where a task is in its life. */
public enum TaskStatus {
  /** Waits for a swarm with demand, or for its time to come. */
  PENDING('P', false),
  /** A swarm has it, under a lease. */
  ASSIGNED('A', false),
  /** A swarm has done it; the one end that is a success. */
  COMPLETED('C', true),
  /** It used up its attempts; {@link TaskQueue#retry} revives it. */
  DEAD('D', true),
  /** It was withdrawn. */
  CANCELLED('X', true);

  private final String word = name().toLowerCase(Locale.ROOT);
  private final char letter;
  private final boolean ended;

  TaskStatus(char letter, boolean ended) {
    this.letter = letter;
    this.ended = ended;
  }

  /** Whether nothing more happens to it, unless somebody revives it. */
  public boolean isEnded() {
    return ended;
  }

  /** Whether nothing can happen to it any more: it has ended and cannot be revived. */
  public boolean isFinal() {
    return ended && this != DEAD;
  }

  /** The word in documents and on the wire. */
  public String word() {
    return word;
  }

  /** By the letter that the scripts use in histories and signals. */
  public static TaskStatus of(char letter) {
    for (TaskStatus status : values()) {
      if (status.letter == letter) {
        return status;
      }
    }
    throw new IllegalArgumentException("no status has the letter " + letter);
  }

  /** Reads a {@link #word()}; another is refused. */
  public static TaskStatus parse(String what, String word) {
    for (TaskStatus status : values()) {
      if (status.word.equals(word)) {
        return status;
      }
    }
    throw CoordinationException.invalid(
        what, "\"%s\" is none of pending, assigned, completed, dead, cancelled", word);
  }
}
