package io.multiswarm.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A final, unmasked text frame (RFC 6455, 5.2), given to the socket piece by piece. By hand, so
 * that header and text are one buffer that goes to the socket as it is, and that of a large text,
 * which may be one that all subscribers share, little lies in front of each socket.
 */
final class TextFrame {

  /** Of a text, at once. */
  static final int PIECE = 16 << 10;

  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_PONG = 0x8A;
  private static final int MAX_HEADER = 10;
  private static final int LENGTH_16_BITS = 126;
  private static final int LENGTH_64_BITS = 127;

  private final byte[] utf8;
  private int written;
  private boolean begun;

  TextFrame(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** The answer to a ping, whose payload has 125 bytes at most. */
  static ByteBuf pong(ByteBufAllocator allocator, byte[] payload) {
    return allocator
        .ioBuffer(2 + payload.length)
        .writeByte(FINAL_PONG)
        .writeByte(payload.length)
        .writeBytes(payload);
  }

  /** What follows, of a frame that is not written yet. */
  ByteBuf next(ByteBufAllocator allocator) {
    int size = Math.min(PIECE, utf8.length - written);
    ByteBuf piece = allocator.ioBuffer(begun ? size : MAX_HEADER + size);
    if (!begun) {
      begun = true;
      header(piece);
    }
    piece.writeBytes(utf8, written, size);
    written += size;
    return piece;
  }

  private void header(ByteBuf piece) {
    piece.writeByte(FINAL_TEXT);
    if (utf8.length < LENGTH_16_BITS) {
      piece.writeByte(utf8.length);
    } else if (utf8.length <= 0xFFFF) {
      piece.writeByte(LENGTH_16_BITS).writeShort(utf8.length);
    } else {
      piece.writeByte(LENGTH_64_BITS).writeLong(utf8.length);
    }
  }

  boolean isWritten() {
    return begun && written == utf8.length;
  }
}
