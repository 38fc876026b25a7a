package io.multiswarm.registry;

import io.multiswarm.common.CoordinationException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The life of a swarm: {@code initializing → active → interrupted → recovering → active}, and the
 * two ends.
 */
public enum SwarmStatus {
  INITIALIZING,
  ACTIVE,
  RECOVERING,
  INTERRUPTED,
  COMPLETED,
  FAILED;

  private final String word = name().toLowerCase(Locale.ROOT);

  private static final String WORDS =
      Arrays.stream(values()).map(SwarmStatus::word).collect(Collectors.joining(", "));

  /** What users write and what the keys {@code swarm:status:…} end with. */
  public String word() {
    return word;
  }

  /** Reads a {@link #word()}; another is refused with {@code INVALID_ARGUMENT}. */
  public static SwarmStatus parse(String what, String word) {
    for (SwarmStatus status : values()) {
      if (status.word().equals(word)) {
        return status;
      }
    }
    throw CoordinationException.invalid(what, "\"%s\" is none of %s", word, WORDS);
  }

  /** Whether a swarm of this status has ended for good. */
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED;
  }

  /**
   * Whether a client may change this status to {@code next}. The same status again is no change and
   * always allowed. {@code interrupted} and {@code recovering} are set by the system alone. The
   * script that writes checks the same table.
   */
  public boolean canBecome(SwarmStatus next) {
    return next == this || successors().contains(next);
  }

  private Set<SwarmStatus> successors() {
    return switch (this) {
      case INITIALIZING -> EnumSet.of(ACTIVE, FAILED, COMPLETED);
      case ACTIVE, INTERRUPTED -> EnumSet.of(COMPLETED, FAILED);
      case RECOVERING -> EnumSet.of(ACTIVE, FAILED);
      case COMPLETED, FAILED -> EnumSet.noneOf(SwarmStatus.class);
    };
  }
}
