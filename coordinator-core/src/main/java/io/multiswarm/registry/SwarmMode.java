package io.multiswarm.registry;

import io.multiswarm.common.CoordinationException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the agents of a swarm are organised. */
public enum SwarmMode {
  MESH,
  HIERARCHICAL;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is written on the wire. */
  public String word() {
    return word;
  }

  /** Reads a {@link #word()}; null gives {@link #MESH}; another is refused. */
  public static SwarmMode parse(String what, @Nullable String word) {
    if (word == null) {
      return MESH;
    }
    for (SwarmMode mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw CoordinationException.invalid(what, "\"%s\" is neither mesh nor hierarchical", word);
  }
}
