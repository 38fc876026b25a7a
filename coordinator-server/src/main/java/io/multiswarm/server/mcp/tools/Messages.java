package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages, as a model is told them. */
final class Messages {

  private static final int LONGEST = 4_000;

  private Messages() {}

  static List<Map<String, Object>> shown(List<Json> envelopes) {
    return envelopes.stream().map(envelope -> shown(Params.of(envelope))).toList();
  }

  private static Map<String, Object> shown(Params envelope) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("from", String.valueOf(envelope.optionalString("swarmId")));
    if ("broadcast".equals(envelope.optionalString("messageType"))) {
      message.put("to", "all");
    }
    Params payload = envelope.optionalParams("payload");
    if (payload == null) {
      return message;
    }
    Json data = payload.optionalJson("data");
    String type = payload.string("type", SendTool.TYPE);
    if (!type.equals(SendTool.TYPE)) {
      message.put("type", type);
    }
    message.put("text", cut(data == null ? "" : plain(data)));
    if (payload.has("requestId")) {
      message.put("replyTo", payload.string("requestId"));
    }
    return message;
  }

  /** A string as it is, anything else as JSON. */
  static String plain(Json value) {
    return value.isString() ? value.text() : value.toString();
  }

  static String cut(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "… (" + (text.length() - LONGEST) + " more characters)";
  }
}
