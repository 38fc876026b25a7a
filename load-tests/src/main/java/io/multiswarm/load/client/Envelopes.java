package io.multiswarm.load.client;

import static io.multiswarm.load.client.StampedData.ascii;

import io.multiswarm.load.client.ServerNotification.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Messages as they lie in Redis, for transports that have no server to make them. */
public final class Envelopes {

  private final StampedData data;
  private final int size;

  /**
   * @param payload bytes of each message's data
   */
  public Envelopes(int payload) {
    this.data = new StampedData(payload);
    this.size = payload + 256;
  }

  public byte[] write(Stamp stamp, String target) {
    ByteBuf out = Unpooled.buffer(size);
    ascii("{\"id\":\"", out);
    ascii(Integer.toString(stamp.sender()), out);
    ascii("-", out);
    ascii(Long.toString(stamp.number()), out);
    ascii("\",\"swarmId\":\"", out);
    ascii(Integer.toString(stamp.sender()), out);
    ascii("\",\"timestamp\":1700000000000,\"messageType\":\"targeted\",\"target\":\"", out);
    ascii(target, out);
    ascii("\",\"targetAgent\":null,\"payload\":{\"type\":\"load\",\"data\":", out);
    data.write(stamp, out);
    ascii("},\"metadata\":{}}", out);
    return ByteBufUtil.getBytes(out);
  }

  /** The stamp of a task as it was submitted. */
  public static Stamp stampOfTask(byte[] task) {
    var scan = new FrameScan();
    scan.scanTask(task);
    return scan.stamp();
  }

  /** The stamp of the envelope that begins at {@code start}. */
  public static Stamp stamp(byte[] message, int start) {
    var scan = new FrameScan();
    scan.scanMessage(message, start, message.length - start);
    return scan.stamp();
  }
}
