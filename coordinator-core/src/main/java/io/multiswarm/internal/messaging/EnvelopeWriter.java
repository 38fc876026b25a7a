package io.multiswarm.internal.messaging;

import io.multiswarm.common.Json;
import io.multiswarm.common.Traceparent;
import io.multiswarm.messaging.NewMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes an envelope once, in the form in which it is stored, published and sent to sockets: a JSON
 * object without its opening brace, so that a position can be put in front of its members. The
 * data's bytes are copied in; nothing is parsed.
 */
final class EnvelopeWriter {

  private EnvelopeWriter() {}

  /**
   * @param id of the message
   * @param from the sending swarm
   */
  static byte[] write(String id, NewMessage message, String from, long timestamp, Address to) {
    byte[] head =
        utf8(
            "\"id\":"
                + quoted(id)
                + ",\"swarmId\":\""
                + from
                + "\",\"timestamp\":"
                + timestamp
                + ",\"messageType\":\""
                + to.type().word()
                + "\",\"target\":"
                + idOrNull(to.target())
                + ",\"targetAgent\":"
                + idOrNull(message.toAgent())
                + ",\"payload\":{\"type\":"
                + quoted(message.type())
                + requestMember(to.requestId())
                + ",\"data\":");
    byte[] data = message.data().bytes();
    String trace = message.traceparent();
    byte[] tail = trace == null ? TAIL : tail(trace);
    byte[] body = new byte[head.length + data.length + tail.length];
    System.arraycopy(head, 0, body, 0, head.length);
    System.arraycopy(data, 0, body, head.length, data.length);
    System.arraycopy(tail, 0, body, head.length + data.length, tail.length);
    return body;
  }

  private static final byte[] TAIL = tail(null);

  private static byte[] tail(@Nullable String traceparent) {
    return utf8("},\"metadata\":" + Traceparent.metadata(traceparent) + '}');
  }

  private static String requestMember(@Nullable String requestId) {
    return requestId == null ? "" : ",\"requestId\":" + quoted(requestId);
  }

  /** Ids need no escaping: their grammar has no character that does. */
  private static String idOrNull(@Nullable String id) {
    return id == null ? "null" : '"' + id + '"';
  }

  private static String quoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
        return Json.quote(text);
      }
    }
    return '"' + text + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
