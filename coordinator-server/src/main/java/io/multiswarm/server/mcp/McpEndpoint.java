package io.multiswarm.server.mcp;

import static io.netty.handler.codec.http.HttpHeaderNames.ALLOW;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;
import static io.netty.handler.codec.http.HttpHeaderNames.WWW_AUTHENTICATE;

import io.modelcontextprotocol.modern.McpSchema.ErrorCodes;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.http.HttpEndpoint;
import io.multiswarm.server.websocket.Doorkeeper;
import io.multiswarm.server.websocket.HandshakeRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** {@code /mcp}: lets requests in and finds out of which era they are. */
public final class McpEndpoint implements HttpEndpoint.Route {

  static final String PATH = "/mcp";

  private final Doorkeeper door;
  private final Hosts hosts;
  private final RequestBody body;
  private final Replies replies;
  private final ResourceMetadata metadata;
  private final Eras eras;

  /** What serves the messages. */
  record Eras(LegacyEra legacy, ModernEra modern) {}

  McpEndpoint(
      Doorkeeper door,
      Hosts hosts,
      RequestBody body,
      Replies replies,
      ResourceMetadata metadata,
      Eras eras) {
    this.door = door;
    this.hosts = hosts;
    this.body = body;
    this.replies = replies;
    this.metadata = metadata;
    this.eras = eras;
  }

  @Override
  public Set<String> paths() {
    return Set.of(PATH, ResourceMetadata.PATH, ResourceMetadata.PATH + PATH);
  }

  @Override
  public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    if (!request.fullPath().equals(PATH)) {
      return replies.json(response, HttpResponseStatus.OK, metadata.document(request));
    }
    String foreign = hosts.refusal(request);
    if (foreign != null) {
      return refuse(response, HttpResponseStatus.FORBIDDEN, foreign);
    }
    return Mono.defer(() -> door.visit(request))
        .flatMap(caller -> handle(new Visit(request, response, caller)))
        .onErrorResume(HandshakeRefused.class, refused -> refuse(request, response, refused))
        .onErrorResume(
            CoordinationException.class, refused -> refuse(response, status(refused), refused));
  }

  private Mono<Void> handle(Visit visit) {
    HttpMethod method = visit.request().method();
    String version = visit.header(Visit.VERSION);
    boolean isModern = version != null && !eras.legacy().knows(version);
    if (method.equals(HttpMethod.POST)) {
      return post(visit, version);
    }
    if (!isModern && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.DELETE))) {
      return eras.legacy().handle(visit);
    }
    visit.response().header(ALLOW, isModern ? "POST" : "GET, POST, DELETE");
    return refuse(
        visit.response(), HttpResponseStatus.METHOD_NOT_ALLOWED, "post your messages here");
  }

  private Mono<Void> post(Visit visit, @Nullable String version) {
    String type = visit.headers().get(CONTENT_TYPE, "");
    if (!type.toLowerCase(Locale.ROOT).startsWith(Replies.JSON)) {
      return refuse(
          visit.response(),
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: must be application/json");
    }
    return body.with(
        visit.request(),
        bytes -> {
          RpcMessage message = RpcMessage.read(bytes);
          return isModern(visit, version, message)
              ? eras.modern().handle(visit, message)
              : eras.legacy().handle(visit, message);
        });
  }

  /** By what the message says of itself, else by what its headers say. */
  private boolean isModern(Visit visit, @Nullable String version, RpcMessage message) {
    if (message.version() != null || message.method().equals("server/discover")) {
      return true;
    }
    if (version != null) {
      return !eras.legacy().knows(version);
    }
    return visit.headers().contains("Mcp-Method") && visit.header(Visit.SESSION) == null;
  }

  private Mono<Void> refuse(
      HttpServerRequest request, HttpServerResponse response, HandshakeRefused refused) {
    Duration retryAfter = refused.retryAfter();
    if (retryAfter != null) {
      response.header(RETRY_AFTER, String.valueOf(retryAfter.toSeconds() + 1));
    }
    if (refused.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
      boolean isWrong = request.requestHeaders().contains(HttpHeaderNames.AUTHORIZATION);
      response.header(WWW_AUTHENTICATE, metadata.challenge(request, isWrong));
    }
    return refuse(response, refused.status(), String.valueOf(refused.getMessage()));
  }

  private static HttpResponseStatus status(CoordinationException refused) {
    ErrorCode code = refused.code();
    return switch (code) {
      case PAYLOAD_TOO_LARGE -> HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
      case RESOURCE_EXHAUSTED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
      case DEADLINE_EXCEEDED -> HttpResponseStatus.REQUEST_TIMEOUT;
      case INTERNAL -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
      default -> HttpResponseStatus.BAD_REQUEST;
    };
  }

  private Mono<Void> refuse(
      HttpServerResponse response, HttpResponseStatus status, CoordinationException refused) {
    int code =
        refused.is(ErrorCode.PARSE_ERROR) ? ErrorCodes.PARSE_ERROR : ErrorCodes.INVALID_REQUEST;
    return replies.error(response.keepAlive(false), status, null, code, refused.message());
  }

  /** The connection ends with it: what else the client sends is not read. */
  private Mono<Void> refuse(HttpServerResponse response, HttpResponseStatus status, String why) {
    return replies.error(response.keepAlive(false), status, null, ErrorCodes.INVALID_REQUEST, why);
  }
}
