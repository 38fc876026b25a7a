package io.multiswarm.load.floods;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames of a client, masked with zeros so that they are what they say. */
final class Frames {

  private static final int TEXT = 0x81;
  private static final int PING = 0x89;
  private static final int PONG = 0x8A;
  private static final int MASKED = 0x80;
  private static final int LENGTH_16_BITS = 126;
  private static final int LENGTH_64_BITS = 127;

  private Frames() {}

  static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] ping(int bytes) {
    return frame(PING, new byte[bytes]);
  }

  static byte[] pong() {
    return frame(PONG, new byte[0]);
  }

  /** The beginning of a text of {@code bytes}, of which {@code sent} are sent. */
  static byte[] beginning(int bytes, int sent) {
    byte[] spaces = new byte[bytes];
    Arrays.fill(spaces, (byte) ' ');
    return Arrays.copyOf(frame(TEXT, spaces), sent);
  }

  /** A request; the id does not matter to who does not look at answers. */
  static String call(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  static byte[] open() {
    return text(call("session.open", "{\"protocol\":1}"));
  }

  private static byte[] frame(int first, byte[] payload) {
    var out = new ByteArrayOutputStream(payload.length + 14);
    out.write(first);
    if (payload.length < LENGTH_16_BITS) {
      out.write(MASKED | payload.length);
    } else if (payload.length <= 0xFFFF) {
      out.write(MASKED | LENGTH_16_BITS);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(MASKED | LENGTH_64_BITS);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.writeBytes(new byte[4]);
    out.writeBytes(payload);
    return out.toByteArray();
  }
}
