package io.multiswarm.common;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Priority of a swarm or a task. The order of the constants is the order of service. */
public enum Priority {
  HIGH,
  NORMAL,
  LOW;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The word in documents and on the wire: {@code high}, {@code normal}, {@code low}. */
  public String word() {
    return word;
  }

  /** Reads a {@link #word()}; null gives {@link #NORMAL}; another word is refused. */
  public static Priority parse(String what, @Nullable String word) {
    if (word == null) {
      return NORMAL;
    }
    for (Priority priority : values()) {
      if (priority.word().equals(word)) {
        return priority;
      }
    }
    throw CoordinationException.invalid(what, "\"%s\" is none of high, normal, low", word);
  }
}
