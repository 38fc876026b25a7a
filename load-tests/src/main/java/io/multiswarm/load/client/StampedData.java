package io.multiswarm.load.client;

import io.multiswarm.load.client.ServerNotification.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The {@code data} of a message: the stamp, and filling up to the size that was asked for. */
public final class StampedData {

  static final String SENDER = "s";
  static final String NUMBER = "n";
  static final String INTENDED = "t";

  /** Room for the stamp even when its numbers are long. */
  public static final int SMALLEST = 64;

  private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);

  private final int size;
  private final byte[] filling;

  /**
   * @param size bytes of each data object, at least {@link #SMALLEST}
   */
  public StampedData(int size) {
    if (size < SMALLEST) {
      throw new IllegalArgumentException(
          "The payload has at least %d bytes, not %d".formatted(SMALLEST, size));
    }
    this.size = size;
    this.filling = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
  }

  /** The data as a JSON object. */
  public byte[] write(Stamp stamp) {
    ByteBuf out = Unpooled.buffer(size);
    write(stamp, out);
    return ByteBufUtil.getBytes(out);
  }

  /** Writes the data as a JSON object. */
  public void write(Stamp stamp, ByteBuf out) {
    int start = out.writerIndex();
    ascii("{\"" + SENDER + "\":", out);
    ascii(Integer.toString(stamp.sender()), out);
    ascii(",\"" + NUMBER + "\":", out);
    ascii(Long.toString(stamp.number()), out);
    ascii(",\"" + INTENDED + "\":", out);
    ascii(Long.toString(stamp.intendedNanos()), out);
    ascii(",\"p\":\"", out);
    out.writeBytes(filling, 0, Math.max(0, size - END.length - (out.writerIndex() - start)));
    out.writeBytes(END);
  }

  static void ascii(String text, ByteBuf out) {
    ByteBufUtil.writeAscii(out, text);
  }
}
