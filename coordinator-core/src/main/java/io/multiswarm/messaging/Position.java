package io.multiswarm.messaging;

/**
 * A place in a channel's order.
 *
 * @param epoch opaque name of the history that the offsets belong to; a channel whose history was
 *     lost begins another one
 * @param offset of a message, from 1, growing by one; 0 is before the first
 */
public record Position(String epoch, long offset) {

  /** Before all that is kept of a channel, whatever its epoch is called. */
  public static final Position BEGINNING = new Position("", 0);

  public Position {
    if (offset < 0) {
      throw new IllegalArgumentException("offset: " + offset);
    }
  }

  /** Whether it lies before all messages. */
  public boolean isBeginning() {
    return equals(BEGINNING);
  }
}
