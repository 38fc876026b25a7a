package io.multiswarm.internal.stream;

import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members that the publish script puts in front of an envelope: <code>
 * {"epoch":"1700000000123456","offset":42,"id":…</code>. Looks at these bytes alone; the payload is
 * not touched.
 *
 * @param bodyStart where the envelope's own members begin
 */
record PositionHeader(Position position, int bodyStart) {

  private static final byte[] EPOCH = "{\"epoch\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OFFSET = "\",\"offset\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LIVE = "{\"live\":true,".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_DIGITS = 18;

  /**
   * Null when the message has no position: it is live, or a foreign program published it.
   *
   * @param known the channel's position so far, whose epoch is taken over when it is the same, so
   *     that a channel's messages share one string
   */
  static @Nullable PositionHeader parse(byte[] message, Position known) {
    if (!hasAt(message, 0, EPOCH)) {
      return null;
    }
    int epochEnd = digitsEnd(message, EPOCH.length);
    if (!hasAt(message, epochEnd, OFFSET)) {
      return null;
    }
    int offsetStart = epochEnd + OFFSET.length;
    int offsetEnd = digitsEnd(message, offsetStart);
    int digits = offsetEnd - offsetStart;
    if (digits == 0 || digits > MAX_DIGITS || !hasCommaAt(message, offsetEnd)) {
      return null;
    }
    String epoch = epoch(message, epochEnd, known.epoch());
    Position position = new Position(epoch, number(message, offsetStart, offsetEnd));
    return new PositionHeader(position, offsetEnd + 1);
  }

  /**
   * Where the members of an envelope begin that a script of ours published and did not store; -1
   * when it is none.
   */
  static int liveBodyStart(byte[] message) {
    return hasAt(message, 0, LIVE) && message.length > LIVE.length ? LIVE.length : -1;
  }

  private static boolean hasAt(byte[] message, int from, byte[] expected) {
    int to = from + expected.length;
    return to <= message.length && Arrays.equals(message, from, to, expected, 0, expected.length);
  }

  private static boolean hasCommaAt(byte[] message, int index) {
    return index < message.length && message[index] == ',';
  }

  private static int digitsEnd(byte[] message, int from) {
    int end = from;
    while (end < message.length && message[end] >= '0' && message[end] <= '9') {
      end++;
    }
    return end;
  }

  private static String epoch(byte[] message, int end, String known) {
    int length = end - EPOCH.length;
    boolean same = known.length() == length;
    for (int i = 0; same && i < length; i++) {
      same = known.charAt(i) == message[EPOCH.length + i];
    }
    return same ? known : new String(message, EPOCH.length, length, StandardCharsets.US_ASCII);
  }

  private static long number(byte[] message, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (message[i] - '0');
    }
    return number;
  }
}
