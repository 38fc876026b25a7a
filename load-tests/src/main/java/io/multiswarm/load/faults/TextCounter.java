package io.multiswarm.load.faults;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Counts a text in a stream of bytes, wherever the stream is cut. Made for texts whose first
 * character comes again near their end at most, such as a line within its line breaks: of others it
 * might overlook one.
 */
final class TextCounter {

  private final String text;
  private final byte[] bytes;
  private int matched;
  private long found;

  TextCounter(String text) {
    this.text = text;
    this.bytes = text.getBytes(StandardCharsets.US_ASCII);
  }

  boolean counts(String what) {
    return text.equals(what);
  }

  /** How often the text ends in these bytes. Leaves their reader index where it is. */
  long look(ByteBuf next) {
    found = 0;
    next.forEachByte(this::accept);
    return found;
  }

  private boolean accept(byte next) {
    if (next == bytes[matched]) {
      matched++;
    } else {
      matched = next == bytes[0] ? 1 : 0;
    }
    if (matched == bytes.length) {
      found++;
      matched = 0;
    }
    return true;
  }
}
