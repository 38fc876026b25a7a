package io.multiswarm.server.websocket;

import io.multiswarm.server.protocol.Utf8Validator;
import io.multiswarm.server.session.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes text messages of frames: bounded, and checked to be UTF-8 piece by piece, so that a bad
 * message is refused with its first bad fragment. Netty's decoder has checked before that fragments
 * follow each other as they should.
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

  private final int maxBytes;
  private byte[] message = NOTHING;
  private int length;
  private Utf8Validator validator = new Utf8Validator();

  TextAssembler(int maxBytes) {
    this.maxBytes = maxBytes;
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
    append(frame.content());
    return frame.isFinalFragment() ? whole() : null;
  }

  private void append(ByteBuf content) throws Refused {
    int more = content.readableBytes();
    if (more > maxBytes - length) {
      throw new Refused(CloseCode.TOO_BIG, "a message may have " + maxBytes + " bytes");
    }
    if (message.length - length < more) {
      // The exact size for the first fragment, which most messages have only.
      int grown = length == 0 ? more : Math.max(length + more, Math.min(maxBytes, length * 2));
      message = Arrays.copyOf(message, grown);
    }
    content.getBytes(content.readerIndex(), message, length, more);
    if (!validator.accepts(message, length, length + more)) {
      throw invalidText();
    }
    length += more;
  }

  private byte[] whole() throws Refused {
    if (!validator.isComplete()) {
      throw invalidText();
    }
    byte[] text = message.length == length ? message : Arrays.copyOf(message, length);
    message = NOTHING;
    length = 0;
    validator = new Utf8Validator();
    return text;
  }

  private static Refused invalidText() {
    return new Refused(CloseCode.INVALID_TEXT, "the text is not UTF-8");
  }
}
