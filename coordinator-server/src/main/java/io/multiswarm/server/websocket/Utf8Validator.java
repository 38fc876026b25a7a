package io.multiswarm.server.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that text which comes in pieces is UTF-8: no overlong forms, no surrogates, nothing above
 * U+10FFFF. A character may lie across pieces.
 */
final class Utf8Validator {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private int missing;
  private int min = 0x80;
  private int max = 0xBF;

  /** Whether what came so far can be the beginning of UTF-8. */
  boolean accepts(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (missing == 0) {
        i = skipAscii(bytes, i, to);
        if (i < to && !begins(bytes[i++] & 0xFF)) {
          return false;
        }
      } else if (!continues(bytes[i++] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text may end here: not within a character. */
  boolean isComplete() {
    return missing == 0;
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += Long.BYTES;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  private boolean begins(int b) {
    if (b < 0xC2 || b > 0xF4) {
      return false;
    }
    missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    min = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    max = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    return true;
  }

  private boolean continues(int b) {
    boolean fits = b >= min && b <= max;
    missing--;
    min = 0x80;
    max = 0xBF;
    return fits;
  }
}
