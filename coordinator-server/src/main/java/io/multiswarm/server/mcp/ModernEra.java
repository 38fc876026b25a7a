package io.multiswarm.server.mcp;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.modern.JsonRpc;
import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.server.McpHeaders;
import io.modelcontextprotocol.modern.server.McpRequestManager;
import io.modelcontextprotocol.modern.server.McpTransportResponse;
import io.modelcontextprotocol.modern.server.transport.McpHeaderDecoder;
import io.modelcontextprotocol.server.transport.HeaderAccessor;
import io.multiswarm.server.mcp.Replies.Outgoing;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** 2026-07-28: each request stands for itself, and its headers say what its body says. */
final class ModernEra {

  static final String VERSION = McpSchema.LATEST_PROTOCOL_VERSION;

  private static final String METHOD = "Mcp-Method";
  private static final String NAME = "Mcp-Name";

  private static final Map<Integer, HttpResponseStatus> STATUS =
      Map.of(
          McpSchema.ErrorCodes.PARSE_ERROR, BAD_REQUEST,
          McpSchema.ErrorCodes.INVALID_REQUEST, BAD_REQUEST,
          McpSchema.ErrorCodes.INVALID_PARAMS, BAD_REQUEST,
          McpSchema.ErrorCodes.HEADER_MISMATCH, BAD_REQUEST,
          McpSchema.ErrorCodes.MISSING_REQUIRED_CLIENT_CAPABILITY, BAD_REQUEST,
          McpSchema.ErrorCodes.UNSUPPORTED_PROTOCOL_VERSION, BAD_REQUEST,
          McpSchema.ErrorCodes.METHOD_NOT_FOUND, NOT_FOUND);

  private final McpRequestManager manager;
  private final Replies replies;

  ModernEra(McpRequestManager manager, Replies replies) {
    this.manager = manager;
    this.replies = replies;
  }

  /** A message that was posted. */
  Mono<Void> handle(Visit visit, RpcMessage message) {
    if (message.isNotification()) {
      return manager
          .handleNotification(
              visit.context(), new JsonRpc.JSONRPCNotification(message.method(), message.params()))
          .then(Mono.from(visit.response().status(HttpResponseStatus.ACCEPTED).send()));
    }
    if (!message.isRequest()) {
      return replies.error(
          visit.response(),
          BAD_REQUEST,
          null,
          McpSchema.ErrorCodes.INVALID_REQUEST,
          "the server asks for nothing, so it takes no answers");
    }
    String mismatch = mismatch(visit, message);
    return mismatch == null
        ? answer(visit, message)
        : replies.error(
            visit.response(),
            BAD_REQUEST,
            message.id(),
            McpSchema.ErrorCodes.HEADER_MISMATCH,
            mismatch);
  }

  private Mono<Void> answer(Visit visit, RpcMessage message) {
    McpTransportContext context =
        visit
            .context()
            .putAll(
                Map.of(
                    McpHeaders.TRANSPORT_CONTEXT_KEY,
                    McpHeaderDecoder.headers(new Headers(visit.headers()))));
    return manager
        .handle(
            context,
            new JsonRpc.JSONRPCRequest(message.method(), message.requestId(), message.params()))
        .flatMap(response -> write(visit, response));
  }

  private Mono<Void> write(Visit visit, McpTransportResponse response) {
    if (response instanceof McpTransportResponse.Streaming streaming) {
      return replies.events(
          visit.response(), streaming.messages().map(message -> new Outgoing(message, false)));
    }
    if (response instanceof McpTransportResponse.Error error) {
      HttpResponseStatus status = STATUS.getOrDefault(error.response().error().code(), OK);
      return replies.json(visit.response(), status, error.response());
    }
    return replies.json(visit.response(), OK, ((McpTransportResponse.Result) response).response());
  }

  /** How the headers differ from the body; null when they do not. */
  private static @Nullable String mismatch(Visit visit, RpcMessage message) {
    if (message.method().equals("initialize") && message.version() == null) {
      return null;
    }
    String method = mismatch(visit, METHOD, message.method());
    if (method != null) {
      return method;
    }
    String version =
        message.version() == null ? null : mismatch(visit, Visit.VERSION, message.version());
    String nameKey = NamedMember.of(message.method());
    String name = nameKey == null ? null : message.param(nameKey);
    return version == null && name != null ? mismatch(visit, NAME, name) : version;
  }

  private static @Nullable String mismatch(Visit visit, String header, String expected) {
    List<String> values = visit.headers().getAll(header);
    if (values.isEmpty()) {
      return "Missing required header: " + header;
    }
    if (values.size() > 1) {
      return header + " header has more than one value";
    }
    String given =
        header.equals(NAME) ? McpHeaderDecoder.decodeValue(values.get(0)) : values.get(0);
    return expected.equals(given) ? null : header + " header does not match the request";
  }

  private record Headers(HttpHeaders headers) implements HeaderAccessor {

    @Override
    public List<String> getHeader(String name) {
      return headers.getAll(name);
    }

    @Override
    public List<String> getHeaderNames() {
      return List.copyOf(headers.names());
    }
  }
}
