package io.multiswarm.messaging;

import io.multiswarm.common.Json;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One message of a channel, shared by all subscribers of a process: the envelope's bytes as they
 * came from Redis, never re-encoded.
 *
 * <p>Two kinds have no position, are delivered live at most once, and are in no history: what a
 * program published without our scripts is {@linkplain #isForeign() foreign}; and news of what
 * Redis says anyway, such as the assignment of a task, is {@linkplain #isLive() live}.
 */
public final class ChannelMessage implements ChannelEvent {

  private final String channel;
  private final @Nullable Position position;
  private final boolean live;
  private final byte[] bytes;
  private final int bodyStart;
  private volatile @Nullable Object encoding;

  private ChannelMessage(
      String channel, @Nullable Position position, boolean live, byte[] bytes, int bodyStart) {
    this.channel = channel;
    this.position = position;
    this.live = live;
    this.bytes = bytes;
    this.bodyStart = bodyStart;
  }

  /**
   * @param bytes hold the envelope, a JSON object with at least one member
   * @param bodyStart where its members begin: after the opening brace, and after the members of the
   *     position where the bytes have them
   */
  public static ChannelMessage of(String channel, Position position, byte[] bytes, int bodyStart) {
    return new ChannelMessage(channel, position, false, bytes, bodyStart);
  }

  /** One that others published in Redis, past us. */
  public static ChannelMessage foreign(String channel, byte[] bytes, int bodyStart) {
    return new ChannelMessage(channel, null, false, bytes, bodyStart);
  }

  /** One that is in no history. */
  public static ChannelMessage live(String channel, byte[] bytes, int bodyStart) {
    return new ChannelMessage(channel, null, true, bytes, bodyStart);
  }

  @Override
  public String channel() {
    return channel;
  }

  /** Whether it is in the channel's history. */
  public boolean isStored() {
    return position != null;
  }

  /** Whether others published it in Redis, past us; it has no offset. */
  public boolean isForeign() {
    return position == null && !live;
  }

  /** Whether it is in no history; it has no offset. */
  public boolean isLive() {
    return live;
  }

  /** Throws for a message that is not stored. */
  public Position position() {
    if (position == null) {
      throw new IllegalStateException("a message that is not stored has no position");
    }
    return position;
  }

  /**
   * The shared bytes; do not change them. The envelope is a brace and {@link #bodyStart()} onwards.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes()} the envelope's members begin. */
  public int bodyStart() {
    return bodyStart;
  }

  /** The envelope as JSON; copied. */
  public Json envelope() {
    byte[] copy = new byte[bytes.length - bodyStart + 1];
    copy[0] = '{';
    System.arraycopy(bytes, bodyStart, copy, 1, copy.length - 1);
    return Json.trusted(copy);
  }

  /** The envelope, decoded. */
  public Message message() {
    return Message.parse(envelope());
  }

  /**
   * This message in the form that its subscribers share, made by the first that asks. All callers
   * must pass the same {@code encoder}; two threads may run it at once, with equal results.
   */
  @SuppressWarnings("unchecked")
  public <T> T encoded(Function<ChannelMessage, T> encoder) {
    Object known = encoding;
    if (known == null) {
      known = encoder.apply(this);
      encoding = known;
    }
    return (T) known;
  }

  @Override
  public String toString() {
    return channel + '@' + (position != null ? position : live ? "live" : "foreign");
  }
}
