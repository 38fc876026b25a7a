package io.multiswarm.server.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.multiswarm.server.mcp.Replies.Outgoing;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * The messages to one HTTP response.
 *
 * <p><b>Bounds.</b> A reader that leaves {@link #MOST} unread loses the stream; its next request
 * begins another.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class LegacyStream implements McpStreamableServerTransport {

  private static final int MOST = 256;

  private final McpJsonMapper mapper;
  private final Sinks.Many<Outgoing> messages =
      Sinks.many().unicast().onBackpressureBuffer(Queues.<Outgoing>get(MOST).get());

  LegacyStream(McpJsonMapper mapper) {
    this.mapper = mapper;
  }

  /** To be subscribed once. */
  Flux<Outgoing> messages() {
    return messages.asFlux();
  }

  @Override
  public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
    return Mono.fromRunnable(
        () -> add(new Outgoing(message, message instanceof McpSchema.JSONRPCResponse)));
  }

  @Override
  public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message, @Nullable String messageId) {
    return sendMessage(message);
  }

  /** What comes after the end, or after the reader has gone, goes nowhere. */
  private synchronized void add(Outgoing message) {
    if (messages.tryEmitNext(message) == Sinks.EmitResult.FAIL_OVERFLOW) {
      messages.tryEmitError(new IllegalStateException(MOST + " messages were not read"));
    }
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.fromRunnable(this::close);
  }

  @Override
  public synchronized void close() {
    // Ended already, or nobody reads: both are an end.
    messages.tryEmitComplete();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return mapper.convertValue(data, type);
  }
}
