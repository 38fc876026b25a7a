package io.multiswarm.load.floods;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

  static ByteBuf text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A text in pieces of ASCII, which other frames may share. */
  static ByteBuf text(String head, byte[] body, String tail) {
    return frame(
        TEXT,
        head.getBytes(StandardCharsets.US_ASCII),
        body,
        tail.getBytes(StandardCharsets.US_ASCII));
  }

  static ByteBuf ping(int bytes) {
    return frame(PING, new byte[bytes]);
  }

  static ByteBuf pong() {
    return frame(PONG);
  }

  /** The beginning of a text of {@code bytes}, of which {@code sent} are sent. */
  static ByteBuf beginning(int bytes, int sent) {
    byte[] spaces = new byte[bytes];
    Arrays.fill(spaces, (byte) ' ');
    return frame(TEXT, spaces).readSlice(sent);
  }

  /** A request; the id does not matter to who does not look at answers. */
  static String call(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  static ByteBuf open() {
    return text(call("session.open", "{\"protocol\":1}"));
  }

  private static ByteBuf frame(int first, byte[]... payload) {
    int length = Arrays.stream(payload).mapToInt(part -> part.length).sum();
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
    if (length < LENGTH_16_BITS) {
      header.put((byte) (MASKED | length));
    } else if (length <= 0xFFFF) {
      header.put((byte) (MASKED | LENGTH_16_BITS)).putShort((short) length);
    } else {
      header.put((byte) (MASKED | LENGTH_64_BITS)).putLong(length);
    }
    header.putInt(0).flip();
    return Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(header), Unpooled.wrappedBuffer(payload));
  }
}
