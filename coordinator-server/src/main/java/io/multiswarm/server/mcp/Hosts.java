package io.multiswarm.server.mcp;

import io.multiswarm.server.websocket.Origins;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Refuses what a web page makes a browser send: pages of foreign origins, and, where nobody is
 * asked for a token, names that were made to mean this machine (DNS rebinding): who comes to a
 * loopback address must call it by a name of that.
 */
final class Hosts {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Origins origins;
  private final Set<String> names;
  private final boolean asksForTokens;

  /**
   * @param allowedOrigins whose hosts may be named, too
   */
  Hosts(List<String> allowedOrigins, boolean asksForTokens) {
    this.origins = new Origins(allowedOrigins);
    this.asksForTokens = asksForTokens;
    this.names =
        Stream.concat(
                LOOPBACK.stream(),
                allowedOrigins.stream().flatMap(origin -> Stream.ofNullable(hostOf(origin))))
            .collect(Collectors.toUnmodifiableSet());
  }

  private static @Nullable String hostOf(String origin) {
    try {
      return URI.create(origin).getHost();
    } catch (IllegalArgumentException noAddress) {
      return null;
    }
  }

  /** Why it is refused; null when it is not. */
  @Nullable String refusal(HttpServerRequest request) {
    List<String> given = request.requestHeaders().getAll(HttpHeaderNames.ORIGIN);
    if (!origins.allow(given, request.connectionHostAddress())) {
      return "this origin is not in ALLOWED_ORIGINS";
    }
    return asksForTokens || isNamed(request)
        ? null
        : "Host: must be localhost, or the host of one of ALLOWED_ORIGINS";
  }

  private boolean isNamed(HttpServerRequest request) {
    boolean isLoopback =
        request.connectionHostAddress() instanceof InetSocketAddress local
            && local.getAddress() != null
            && local.getAddress().isLoopbackAddress();
    String host = request.requestHeaders().get(HttpHeaderNames.HOST, "").toLowerCase(Locale.ROOT);
    return !isLoopback || names.contains(host.replaceFirst(":[0-9]{1,5}$", ""));
  }
}
