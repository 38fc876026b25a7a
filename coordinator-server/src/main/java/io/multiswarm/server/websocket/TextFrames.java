package io.multiswarm.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Encodes final, unmasked text frames (RFC 6455, 5.2). By hand, so that header and text are one
 * buffer that goes to the socket as it is.
 */
final class TextFrames {

  private static final int FINAL_TEXT = 0x81;
  private static final int MAX_HEADER = 10;
  private static final int LENGTH_16_BITS = 126;
  private static final int LENGTH_64_BITS = 127;

  private TextFrames() {}

  static ByteBuf encode(ByteBufAllocator allocator, byte[] utf8) {
    ByteBuf frame = allocator.ioBuffer(MAX_HEADER + utf8.length).writeByte(FINAL_TEXT);
    if (utf8.length < LENGTH_16_BITS) {
      frame.writeByte(utf8.length);
    } else if (utf8.length <= 0xFFFF) {
      frame.writeByte(LENGTH_16_BITS).writeShort(utf8.length);
    } else {
      frame.writeByte(LENGTH_64_BITS).writeLong(utf8.length);
    }
    return frame.writeBytes(utf8);
  }
}
