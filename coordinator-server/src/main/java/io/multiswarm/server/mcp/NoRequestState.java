package io.multiswarm.server.mcp;

import io.modelcontextprotocol.modern.server.McpRequestContext;
import io.modelcontextprotocol.modern.server.RequestStateCodec;
import org.jspecify.annotations.Nullable;

/** Our tools ask nothing back, so there is no state that a client could bring with its answer. */
final class NoRequestState implements RequestStateCodec {

  @Override
  public String seal(McpRequestContext context, String state) {
    throw new IllegalStateException("no tool asks anything back");
  }

  @Override
  public @Nullable String open(McpRequestContext context, String sealed) {
    return null;
  }
}
