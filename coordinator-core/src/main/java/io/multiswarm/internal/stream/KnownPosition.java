package io.multiswarm.internal.stream;

import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows of a channel: a position that Redis certainly had, and how the newest
 * message begins that was seen here. It is asked along with the history, so that a Redis that lost
 * the end of that is found out ({@code lib/rewind.lua}), even when it has given the same offsets to
 * other messages since.
 *
 * @param seen offset of the message, in the epoch of the position; 0 for none
 * @param beginning of its envelope, without the opening brace
 */
record KnownPosition(Position position, long seen, byte[] beginning) {

  /** Long enough for the longest id, with which our envelopes begin. */
  private static final int LENGTH = 160;

  private static final byte[] NOTHING = {};

  static final KnownPosition NONE = of(new Position("", 0));

  static KnownPosition of(Position position) {
    return new KnownPosition(position, 0, NOTHING);
  }

  static KnownPosition of(ChannelMessage message) {
    byte[] bytes = message.bytes();
    int from = message.bodyStart();
    int to = Math.min(bytes.length, from + LENGTH);
    Position position = message.position();
    return new KnownPosition(position, position.offset(), Arrays.copyOfRange(bytes, from, to));
  }

  /** This, or the message if that is of {@code epoch} and newer. */
  KnownPosition orNewer(@Nullable ChannelMessage message, String epoch) {
    if (message == null || !message.position().epoch().equals(epoch)) {
      return this;
    }
    return covers(message.position()) ? this : of(message);
  }

  /** This one, at {@code given} when it says less than that Redis had that. */
  KnownPosition atLeast(Position given) {
    if (covers(given) || isLater(position.epoch(), given.epoch())) {
      return this;
    }
    return position.epoch().equals(given.epoch())
        ? new KnownPosition(given, seen, beginning)
        : of(given);
  }

  /** Whether it is of this position's epoch, and not before it. */
  boolean covers(Position given) {
    return position.epoch().equals(given.epoch()) && position.offset() >= given.offset();
  }

  /** Of two epochs of a channel: each begins with a larger number than the one before. */
  private static boolean isLater(String epoch, String other) {
    return epoch.length() == other.length()
        ? epoch.compareTo(other) > 0
        : epoch.length() > other.length();
  }

  /** Equal, and another one. */
  KnownPosition again() {
    return new KnownPosition(position, seen, beginning);
  }

  /** As the scripts take it; empty for a channel of which nothing is known. */
  byte[] text() {
    if (position.epoch().isEmpty()) {
      return NOTHING;
    }
    byte[] head =
        "%s-%d %d "
            .formatted(position.epoch(), position.offset(), seen)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(head, head.length + beginning.length);
    System.arraycopy(beginning, 0, text, head.length, beginning.length);
    return text;
  }
}
