package io.multiswarm.conflict;

import io.multiswarm.common.CoordinationException;
import java.util.Locale;

/** How a conflict is decided. Ties go by priority, then age, then the smaller id. */
public enum ConflictStrategy {
  /** The higher priority; among equals, as {@link #TIMESTAMP}. */
  PRIORITY,
  /** Who was created earlier; then the smaller id. */
  TIMESTAMP,
  /** More votes; without quorum and on a tie, as {@link #PRIORITY}. */
  VOTING;

  /** As documents and the wire have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a {@link #word()}; another is refused with {@code INVALID_ARGUMENT}. */
  public static ConflictStrategy parse(String word) {
    for (ConflictStrategy strategy : values()) {
      if (strategy.word().equals(word)) {
        return strategy;
      }
    }
    throw CoordinationException.invalid(
        "strategy", "\"%s\" is none of priority, timestamp, voting", word);
  }
}
