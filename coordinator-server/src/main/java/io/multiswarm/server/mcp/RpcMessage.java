package io.multiswarm.server.mcp;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC message of a client.
 *
 * @param whole all of its members
 */
record RpcMessage(Map<String, Object> whole) {

  private static final String META = "_meta";
  private static final String META_VERSION = "io.modelcontextprotocol/protocolVersion";

  /**
   * Reads a message: an object with unique names, of UTF-8.
   *
   * @throws CoordinationException {@code PARSE_ERROR} or {@code INVALID_REQUEST}
   */
  static RpcMessage read(byte[] body) {
    Json json;
    try {
      json = Json.parse(body);
    } catch (CoordinationException unreadable) {
      throw new CoordinationException(ErrorCode.PARSE_ERROR, unreadable.message());
    }
    if (!json.isObject()) {
      throw invalid("a request has one message, an object");
    }
    RpcMessage message = new RpcMessage(json.asMap());
    if (!"2.0".equals(message.whole.get("jsonrpc"))) {
      throw invalid("jsonrpc: must be \"2.0\"");
    }
    boolean hasId = message.whole.containsKey("id");
    Object id = message.id();
    if (hasId && !(id instanceof String) && !(id instanceof Integer) && !(id instanceof Long)) {
      throw invalid("id: must be a string or an integer");
    }
    if (message.whole.containsKey("method") && !(message.whole.get("method") instanceof String)) {
      throw invalid("method: must be a string");
    }
    if (!message.whole.containsKey("method") && !hasId) {
      throw invalid("method: is missing");
    }
    return message;
  }

  private static CoordinationException invalid(String why) {
    return new CoordinationException(ErrorCode.INVALID_REQUEST, why);
  }

  @Nullable Object id() {
    return whole.get("id");
  }

  /** The id of what is a request. */
  Object requestId() {
    return Objects.requireNonNull(id());
  }

  /** Empty for an answer. */
  String method() {
    return whole.get("method") instanceof String method ? method : "";
  }

  boolean isRequest() {
    return id() != null && !method().isEmpty();
  }

  boolean isNotification() {
    return id() == null;
  }

  @Nullable Object params() {
    return whole.get("params");
  }

  Object paramsOrEmpty() {
    Object params = params();
    return params == null ? Map.of() : params;
  }

  /** The member of the parameters that is text; null when it is none. */
  @Nullable String param(String name) {
    return params() instanceof Map<?, ?> params && params.get(name) instanceof String text
        ? text
        : null;
  }

  /** The version that the message itself names, as the modern era does; else null. */
  @Nullable String version() {
    return params() instanceof Map<?, ?> params
            && params.get(META) instanceof Map<?, ?> meta
            && meta.get(META_VERSION) instanceof String version
        ? version
        : null;
  }
}
