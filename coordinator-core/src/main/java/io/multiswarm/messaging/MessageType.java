package io.multiswarm.messaging;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The envelope's {@code messageType}: which kind of channel a message belongs to. */
public enum MessageType {
  TARGETED,
  BROADCAST,
  COORDINATION,
  AGENT,
  TASK,
  EVENT;

  /** As it is written on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null for another word: foreign programs may have their own. */
  public static @Nullable MessageType parse(@Nullable String word) {
    for (MessageType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    return null;
  }
}
