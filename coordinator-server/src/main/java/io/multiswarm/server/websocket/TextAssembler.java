package io.multiswarm.server.websocket;

import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Share;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes text messages of frames: bounded, and checked to be UTF-8 piece by piece, so that a bad
 * message is refused with its first bad fragment. Netty's decoder has checked before that fragments
 * follow each other as they should.
 *
 * <p><b>Memory.</b> What is held grows with what has come, to half as much again at most, and is
 * taken from the connection's share of its node.
 */
final class TextAssembler {

  /** The message cannot be accepted; how to close. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final CloseCode code;

    Refused(CloseCode code, String reason) {
      super(reason, null, false, false);
      this.code = code;
    }

    CloseCode code() {
      return code;
    }
  }

  private static final byte[] NOTHING = {};

  private final IntSupplier maxBytes;
  private final Share share;
  private byte[] message = NOTHING;
  private int length;
  private boolean begun;
  private Utf8Validator validator = new Utf8Validator();

  /**
   * @param maxBytes that a message may have now
   */
  TextAssembler(IntSupplier maxBytes, Share share) {
    this.maxBytes = maxBytes;
    this.share = share;
  }

  /** Whether a message has begun and is not complete. */
  boolean isWithinAMessage() {
    return begun;
  }

  /** Lets go of an unfinished message. */
  void clear() {
    share.give(message.length);
    message = NOTHING;
    length = 0;
    begun = false;
    validator = new Utf8Validator();
  }

  /**
   * Takes a data frame; does not release it.
   *
   * @return the text, when the frame is the last of its message
   */
  byte @Nullable [] add(WebSocketFrame frame) throws Refused {
    if (frame.rsv() != 0) {
      throw new Refused(CloseCode.PROTOCOL_ERROR, "no extension was negotiated");
    }
    if (!(frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame)) {
      throw new Refused(CloseCode.BAD_MESSAGES, "messages must be text frames");
    }
    check(frame.content());
    if (!frame.isFinalFragment()) {
      begun = true;
      append(frame.content());
      return null;
    }
    byte[] text = Arrays.copyOf(message, length + frame.content().readableBytes());
    frame.content().getBytes(frame.content().readerIndex(), text, length, text.length - length);
    if (!validator.accepts(text, length, text.length) || !validator.isComplete()) {
      throw invalidText();
    }
    clear();
    return text;
  }

  private void check(ByteBuf content) throws Refused {
    int most = maxBytes.getAsInt();
    if (content.readableBytes() > most - length) {
      throw new Refused(CloseCode.TOO_BIG, "a message may have " + most + " bytes now");
    }
  }

  private void append(ByteBuf content) throws Refused {
    int more = content.readableBytes();
    if (message.length - length < more) {
      grow(Math.max(length + more, length + length / 2));
    }
    content.getBytes(content.readerIndex(), message, length, more);
    if (!validator.accepts(message, length, length + more)) {
      throw invalidText();
    }
    length += more;
  }

  private void grow(int size) throws Refused {
    if (!share.take(size - message.length)) {
      throw new Refused(
          CloseCode.RATE_LIMIT,
          "the node has no room for a message of over " + length + " bytes; send it again later");
    }
    message = Arrays.copyOf(message, size);
  }

  private static Refused invalidText() {
    return new Refused(CloseCode.INVALID_TEXT, "the text is not UTF-8");
  }
}
