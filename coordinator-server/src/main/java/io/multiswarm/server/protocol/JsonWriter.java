package io.multiswarm.server.protocol;

import io.multiswarm.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Appends JSON text to a growing buffer. Values that are JSON already are copied as they are. */
final class JsonWriter {

  private static final int FIRST_SIZE = 256;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] buffer = new byte[FIRST_SIZE];
  private int length;

  /** Text that is JSON already and has only ASCII characters. */
  JsonWriter ascii(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  JsonWriter raw(byte[] json) {
    return raw(json, 0, json.length);
  }

  JsonWriter raw(byte[] json, int from, int to) {
    ensure(to - from);
    System.arraycopy(json, from, buffer, length, to - from);
    length += to - from;
    return this;
  }

  JsonWriter number(long value) {
    return ascii(Long.toString(value));
  }

  /** A string literal, quotes included. */
  JsonWriter string(String text) {
    ensure(text.length() + 2);
    buffer[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Rare enough to take an encoder of others for the rest; its quotes are left out.
        byte[] rest = Json.quote(text.substring(i)).getBytes(StandardCharsets.UTF_8);
        raw(rest, 1, rest.length - 1);
        break;
      }
      escaped((byte) c);
    }
    ensure(1);
    buffer[length++] = '"';
    return this;
  }

  /** Null, string, number, boolean, {@link Json}, or what {@link Json#of} can write. */
  JsonWriter value(@Nullable Object value) {
    if (value instanceof String text) {
      return string(text);
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
      return ascii(value.toString());
    }
    return value == null ? ascii("null") : raw(Json.of(value).bytes());
  }

  private void escaped(byte b) {
    ensure(6);
    if (b == '"' || b == '\\') {
      buffer[length++] = '\\';
      buffer[length++] = b;
    } else if (b >= 0 && b < ' ') {
      ascii("\\u00");
      buffer[length++] = HEX[b >> 4];
      buffer[length++] = HEX[b & 15];
    } else {
      buffer[length++] = b;
    }
  }

  private void ensure(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }

  byte[] toBytes() {
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }
}
