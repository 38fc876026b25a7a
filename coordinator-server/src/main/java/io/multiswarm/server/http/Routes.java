package io.multiswarm.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.websocket.WebSocketEndpoint;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Finds the answer to a request by its path. */
final class Routes implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {

  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  private static final Set<HttpVersion> VERSIONS =
      Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpEndpoint.Content content;
  private final StaticFiles files = StaticFiles.read();
  private final LargeAnswers large = new LargeAnswers();

  private final Map<String, HttpEndpoint.Route> routes = new HashMap<>();

  Routes(HttpEndpoint.Content content) {
    this.content = content;
    content.routes().forEach(route -> route.paths().forEach(path -> routes.put(path, route)));
  }

  @Override
  public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
    RequestDeadline deadline = RequestDeadline.of(request);
    if (deadline == null) {
      return Mono.empty();
    }
    deadline.again();
    return Mono.from(answer(request, response, deadline)).doFinally(end -> deadline.again());
  }

  private Publisher<Void> answer(
      HttpServerRequest request, HttpServerResponse response, RequestDeadline deadline) {
    if (!VERSIONS.contains(request.version())) {
      return answer(response, HTTP_VERSION_NOT_SUPPORTED, TEXT, "HTTP/1.1 is spoken here\n");
    }
    List<String> hosts = request.requestHeaders().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || hosts.isEmpty() && request.version().equals(HttpVersion.HTTP_1_1)) {
      // Two readers of such a request could mean two servers by it (RFC 9112, 3.2).
      return answer(response, BAD_REQUEST, TEXT, "Host: must be given once\n");
    }
    String path = path(request);
    if (path == null) {
      return answer(response, BAD_REQUEST, TEXT, "the path is malformed\n");
    }
    HttpEndpoint.Route route = routes.get(path);
    if (route != null) {
      StaticFiles.GUARDS.forEach(response::header);
      deadline.stop(); // what may take long has limits of its own
      return route.handle(request, response);
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      response.header("allow", "GET, HEAD");
      return answer(response, METHOD_NOT_ALLOWED, TEXT, "use GET\n");
    }
    return switch (path) {
      case WebSocketEndpoint.PATH -> webSocket(request, response, deadline);
      case "/healthz" -> health(response, content.watchdog().stuck());
      case "/readyz" -> content.readiness().report().flatMap(report -> ready(response, report));
      case "/metrics" -> metrics(request, response);
      case "/v1/asyncapi.json" ->
          large(response, () -> answer(response, OK, JSON, document(request)));
      default -> large(response, () -> file(request, response));
    };
  }

  private Publisher<Void> webSocket(
      HttpServerRequest request, HttpServerResponse response, RequestDeadline deadline) {
    deadline.stop();
    return content.webSocket().handle(request, response);
  }

  /** Null when it is none, such as {@code /%}. */
  private static @Nullable String path(HttpServerRequest request) {
    try {
      return request.fullPath();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static Mono<Void> health(HttpServerResponse response, List<String> stuck) {
    return stuck.isEmpty()
        ? answer(response, OK, JSON, "{\"status\":\"up\"}\n")
        : answer(
            response,
            SERVICE_UNAVAILABLE,
            JSON,
            JsonObject.with("status", "stuck").and("threads", (Object) stuck).json() + "\n");
  }

  private Mono<Void> metrics(HttpServerRequest request, HttpServerResponse response) {
    return content
        .gate()
        .judge(request, content.webSocket().door().address(request))
        .flatMap(
            status ->
                status.equals(OK)
                    ? large(response, () -> scrape(response))
                    : refuseMetrics(response, status));
  }

  private Mono<Void> large(HttpServerResponse response, Supplier<Mono<Void>> answer) {
    return large.atMost(
        answer,
        () -> {
          response.header("retry-after", "1");
          return answer(response, SERVICE_UNAVAILABLE, TEXT, "too many ask for this now\n");
        });
  }

  private Mono<Void> scrape(HttpServerResponse response) {
    return content.metrics().scrape().flatMap(text -> answer(response, OK, PROMETHEUS, text));
  }

  private static Mono<Void> refuseMetrics(HttpServerResponse response, HttpResponseStatus status) {
    response.header("www-authenticate", "Bearer");
    return answer(
        response, status, TEXT, "metrics take a token of the scope observe (METRICS_OPEN)\n");
  }

  private static Mono<Void> ready(HttpServerResponse response, Readiness.Report report) {
    return answer(response, report.ready() ? OK : SERVICE_UNAVAILABLE, JSON, report.json() + "\n");
  }

  /** Which names the address that it was asked at, or else the one that the request arrived at. */
  private byte[] document(HttpServerRequest request) {
    String host = request.requestHeaders().get(HttpHeaderNames.HOST, "");
    if (!HOST.matcher(host).matches()
        && request.connectionHostAddress() instanceof InetSocketAddress own) {
      return content.document().bytes(own.getHostString() + ':' + own.getPort());
    }
    return content.document().bytes(host);
  }

  private Mono<Void> file(HttpServerRequest request, HttpServerResponse response) {
    Mono<Void> answer = files.answer(request, response);
    return answer == null ? answer(response, NOT_FOUND, TEXT, "there is nothing here\n") : answer;
  }

  private static Mono<Void> answer(
      HttpServerResponse response, HttpResponseStatus status, String type, String body) {
    return answer(response, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Mono<Void> answer(
      HttpServerResponse response, HttpResponseStatus status, String type, byte[] body) {
    StaticFiles.GUARDS.forEach(response::header);
    return response
        .status(status)
        .header("content-type", type)
        .header("cache-control", "no-store")
        .header("content-length", String.valueOf(body.length))
        .sendByteArray(Mono.just(body))
        .then();
  }
}
