package io.multiswarm.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Collects a client's frame header (RFC 6455, 5.2) as its bytes come, and the payload of a control
 * frame, which has 125 bytes at most.
 */
final class FrameHeader {

  private static final int FINAL = 0x80;
  private static final int CONTROL = 0x08;
  private static final int MASKED = 0x80;
  private static final int LENGTH_16_BITS = 126;
  private static final int LENGTH_64_BITS = 127;
  private static final int LARGEST_16_BITS = 0xFFFF;
  private static final int MASK_BYTES = 4;
  private static final int LARGEST_HEADER = 14;
  private static final int LARGEST_CONTROL = 125;

  private final byte[] bytes = new byte[LARGEST_HEADER + LARGEST_CONTROL];
  private int length;

  /** Takes what it needs of the bytes; whether it is complete now. */
  boolean take(ByteBuf from) {
    for (int need = needed(); length < need; need = needed()) {
      int more = Math.min(need - length, from.readableBytes());
      if (more == 0) {
        return false;
      }
      from.readBytes(bytes, length, more);
      length += more;
    }
    return true;
  }

  private int needed() {
    if (length < 2 || !isWellBegun()) {
      return 2;
    }
    int header = 2 + lengthBytes() + MASK_BYTES;
    return isControl() ? header + shortLength() : header;
  }

  /** By its first two bytes; what is not is refused without a look at the rest. */
  private boolean isWellBegun() {
    return (bytes[1] & MASKED) != 0 && !(isControl() && shortLength() > LARGEST_CONTROL);
  }

  private int shortLength() {
    return bytes[1] & 0x7F;
  }

  private int lengthBytes() {
    return shortLength() < LENGTH_16_BITS ? 0 : shortLength() == LENGTH_16_BITS ? 2 : 8;
  }

  boolean hasBegun() {
    return length > 0;
  }

  boolean isControl() {
    return (bytes[0] & CONTROL) != 0;
  }

  /** Of a complete one: whether the frame may be cut into pieces. */
  boolean isWellFormed() {
    long told = payloadBytes();
    int least = shortLength() < LENGTH_16_BITS ? 0 : lengthBytes() == 2 ? 126 : 0x10000;
    return isWellBegun() && told >= least;
  }

  /** Of a complete one: what its length says, negative when that is nonsense. */
  long payloadBytes() {
    if (!isWellBegun() || lengthBytes() == 0) {
      return shortLength();
    }
    long told = 0;
    for (int i = 0; i < lengthBytes(); i++) {
      told = told << 8 | bytes[2 + i] & 0xFF;
    }
    return told;
  }

  /** What was taken, as it came. */
  ByteBuf whole(ByteBufAllocator allocator) {
    return allocator.buffer(length).writeBytes(bytes, 0, length);
  }

  /**
   * The header of a fragment of the frame.
   *
   * @param offset of the fragment in the frame's payload
   * @param last whether the frame ends with it
   */
  ByteBuf ofPiece(ByteBufAllocator allocator, long offset, int size, boolean last) {
    int first = offset == 0 ? bytes[0] : 0;
    boolean isFinal = last && (bytes[0] & FINAL) != 0;
    ByteBuf piece = allocator.buffer(LARGEST_HEADER);
    piece.writeByte(isFinal ? first | FINAL : first & ~FINAL);
    if (size < LENGTH_16_BITS) {
      piece.writeByte(MASKED | size);
    } else if (size <= LARGEST_16_BITS) {
      piece.writeByte(MASKED | LENGTH_16_BITS).writeShort(size);
    } else {
      piece.writeByte(MASKED | LENGTH_64_BITS).writeLong(size);
    }
    int mask = 2 + lengthBytes();
    for (int i = 0; i < MASK_BYTES; i++) {
      piece.writeByte(bytes[mask + (int) ((offset + i) % MASK_BYTES)]);
    }
    return piece;
  }

  void clear() {
    length = 0;
  }
}
