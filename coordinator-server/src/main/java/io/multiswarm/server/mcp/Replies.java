package io.multiswarm.server.mcp;

import static io.netty.handler.codec.http.HttpHeaderNames.CACHE_CONTROL;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerResponse;

/** Writes answers: one message as JSON, several as a stream of events. */
final class Replies {

  static final String JSON = "application/json";
  static final String EVENTS = "text/event-stream";

  /** So that a quiet stream is not taken for a dead one, and a dead one is found out. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private static final byte[] HEAD = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] TAIL = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] QUIET = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private final McpJsonMapper mapper;
  private final Scheduler scheduler;

  Replies(McpJsonMapper mapper, Scheduler scheduler) {
    this.mapper = mapper;
    this.scheduler = scheduler;
  }

  /**
   * A message that goes out.
   *
   * @param isAnswer whether it is the answer to the request, after which nothing comes
   */
  record Outgoing(Object message, boolean isAnswer) {}

  /** The answer alone when it is the first, else events until the answer. */
  Mono<Void> send(HttpServerResponse response, Flux<Outgoing> messages) {
    return messages
        .switchOnFirst(
            (first, all) -> {
              Outgoing only = first.get();
              if (only != null && only.isAnswer()) {
                return json(response, HttpResponseStatus.OK, only.message());
              }
              return first.isOnNext()
                  ? events(response, all)
                  : refused(response, first.isOnError());
            })
        .then();
  }

  private static Mono<Void> refused(HttpServerResponse response, boolean isFault) {
    return response
        .status(isFault ? HttpResponseStatus.INTERNAL_SERVER_ERROR : HttpResponseStatus.ACCEPTED)
        .send();
  }

  /** A stream of events, which begins at once. */
  Mono<Void> events(HttpServerResponse response, Flux<Outgoing> messages) {
    Flux<byte[]> events = messages.map(outgoing -> event(outgoing.message()));
    Flux<byte[]> kept =
        events.publish(
            shared ->
                shared.mergeWith(
                    Flux.interval(KEEP_ALIVE, scheduler)
                        .onBackpressureDrop()
                        .map(tick -> QUIET)
                        .takeUntilOther(shared.then())));
    return response
        .status(HttpResponseStatus.OK)
        .header(CONTENT_TYPE, EVENTS)
        .header(CACHE_CONTROL, "no-cache, no-transform")
        .header("X-Accel-Buffering", "no")
        .send(kept.startWith(QUIET).map(Unpooled::wrappedBuffer), any -> true)
        .then();
  }

  private byte[] event(Object message) {
    byte[] json = bytes(message);
    return ByteBuffer.allocate(HEAD.length + json.length + TAIL.length)
        .put(HEAD)
        .put(json)
        .put(TAIL)
        .array();
  }

  Mono<Void> json(HttpServerResponse response, HttpResponseStatus status, Object message) {
    byte[] body = bytes(message);
    return response
        .status(status)
        .header(CONTENT_TYPE, JSON)
        .header(CACHE_CONTROL, "no-store")
        .header(CONTENT_LENGTH, String.valueOf(body.length))
        .sendByteArray(Mono.just(body))
        .then();
  }

  /** An error that the transport itself found. */
  Mono<Void> error(
      HttpServerResponse response,
      HttpResponseStatus status,
      @Nullable Object id,
      int code,
      String why) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("jsonrpc", "2.0");
    message.put("id", id);
    message.put("error", Map.of("code", code, "message", why));
    return json(response, status, message);
  }

  private byte[] bytes(Object message) {
    try {
      return mapper.writeValueAsBytes(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
