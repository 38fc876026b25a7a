package io.multiswarm.server.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.multiswarm.server.session.Client;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One HTTP request of a client who was let in.
 *
 * @param caller who that is
 */
record Visit(HttpServerRequest request, HttpServerResponse response, Client caller) {

  static final String SESSION = "Mcp-Session-Id";
  static final String VERSION = "MCP-Protocol-Version";

  private static final String CALLER = "multiswarm.caller";

  HttpHeaders headers() {
    return request.requestHeaders();
  }

  /** The value of a header that may be given once; null when it is absent or given twice. */
  @Nullable String header(String name) {
    List<String> values = headers().getAll(name);
    return values.size() == 1 ? values.get(0) : null;
  }

  /** Whether the client takes that type; who does not say takes anything. */
  boolean accepts(String type) {
    List<String> lines = headers().getAll("accept");
    return lines.isEmpty()
        || lines.stream().anyMatch(line -> line.contains(type) || line.contains("*/*"));
  }

  /** What goes with a message to whoever handles it. */
  McpTransportContext context() {
    return McpTransportContext.create(Map.of(CALLER, caller));
  }

  static Client callerOf(McpTransportContext context) {
    if (context.get(CALLER) instanceof Client caller) {
      return caller;
    }
    throw new IllegalStateException("a message without its caller");
  }
}
