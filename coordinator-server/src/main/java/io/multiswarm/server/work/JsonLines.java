package io.multiswarm.server.work;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the lines of an output that are JSON objects. A line that is too long is none. */
final class JsonLines {

  private final int longest;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean isTooLong;
  private volatile @Nullable Json last;

  JsonLines(int longest) {
    this.longest = longest;
  }

  void add(byte[] bytes, int length, Consumer<Json> found) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        append(bytes, start, i);
        end(found);
        start = i + 1;
      }
    }
    append(bytes, start, length);
  }

  private void append(byte[] bytes, int from, int to) {
    isTooLong |= line.size() + to - from > longest;
    if (isTooLong) {
      line.reset();
    } else {
      line.write(bytes, from, to - from);
    }
  }

  /** Takes what has come since the last line's end for a line. */
  void end(Consumer<Json> found) {
    byte[] text = stripped(line.toByteArray());
    boolean maybe = !isTooLong && text.length > 0 && text[0] == '{';
    line.reset();
    isTooLong = false;
    if (maybe) {
      try {
        Json object = Json.parse(text);
        last = object;
        found.accept(object);
      } catch (CoordinationException noJson) {
        // A line that begins with a brace and is something else is text like any other.
      }
    }
  }

  /** Without the white space around it, which is none of the value. */
  static byte[] stripped(byte[] text) {
    int from = 0;
    int to = text.length;
    while (from < to && isSpace(text[from])) {
      from++;
    }
    while (from < to && isSpace(text[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(text, from, to);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /** The last that was found. */
  @Nullable Json last() {
    return last;
  }
}
