package io.multiswarm.server.mcp.bridge;

import io.multiswarm.server.mcp.NamedMember;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the modern era has a request's headers repeat of its body. */
final class Headers {

  private static final String VERSION = "io.modelcontextprotocol/protocolVersion";

  private Headers() {}

  /** None for a message of the legacy era. */
  static Map<String, String> of(Map<String, Object> message) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (message.get("params") instanceof Map<?, ?> params
        && params.get("_meta") instanceof Map<?, ?> meta
        && meta.get(VERSION) instanceof String version
        && message.get("method") instanceof String method) {
      headers.put("MCP-Protocol-Version", version);
      headers.put("Mcp-Method", method);
      String name = name(method, params);
      if (name != null) {
        headers.put("Mcp-Name", name);
      }
    }
    return headers;
  }

  private static @Nullable String name(String method, Map<?, ?> params) {
    String key = NamedMember.of(method);
    if (key == null || !(params.get(key) instanceof String name)) {
      return null;
    }
    boolean isPlain = name.chars().allMatch(c -> c > ' ' && c <= '~');
    return isPlain
        ? name
        : "=?base64?"
            + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }
}
