package io.multiswarm.internal.stream;

import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A position that a channel certainly had once, and how the message there begins: after Redis came
 * back, both tell whether it still has what it had.
 *
 * @param beginning of the envelope without its brace, with the message's id; empty when it is not
 *     at hand
 */
record Landmark(Position position, byte[] beginning) {

  static final Landmark NONE = new Landmark(new Position("", 0), new byte[0]);

  private static final int LENGTH = 128;

  /**
   * @param message at the position, if it is at hand
   */
  static Landmark of(Position position, @Nullable ChannelMessage message) {
    if (message == null) {
      return new Landmark(position, NONE.beginning);
    }
    int from = message.bodyStart();
    int to = Math.min(message.bytes().length, from + LENGTH);
    return new Landmark(position, Arrays.copyOfRange(message.bytes(), from, to));
  }

  /**
   * Whether a channel that stands there has lost what it had.
   *
   * @param now read after this was so
   * @param other whether another message has this position's offset
   */
  boolean isLost(Position now, boolean other) {
    return now.epoch().equals(position.epoch()) && (other || now.offset() < position.offset());
  }

  /** The same when it has proved right: the message need not be compared again. */
  Landmark confirmed() {
    return isConfirmed() ? this : new Landmark(position, NONE.beginning);
  }

  /** Whether there is nothing of it left to compare but the offset. */
  boolean isConfirmed() {
    return beginning.length == 0;
  }
}
