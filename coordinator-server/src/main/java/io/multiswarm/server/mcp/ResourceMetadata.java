package io.multiswarm.server.mcp;

import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.websocket.Doorkeeper;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What an OAuth client is told of this server (RFC 9728): where tokens come from and what they may
 * allow.
 *
 * @param issuer of JWT, when it is an address; null when tokens come from somewhere else
 * @param isSecure whether the server itself speaks TLS
 * @param door knows of proxies that do
 */
record ResourceMetadata(@Nullable String issuer, boolean isSecure, Doorkeeper door) {

  static final String PATH = "/.well-known/oauth-protected-resource";

  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  Map<String, Object> document(HttpServerRequest request) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("resource", base(request) + McpEndpoint.PATH);
    if (issuer != null && (issuer.startsWith("https://") || issuer.startsWith("http://"))) {
      document.put("authorization_servers", List.of(issuer));
    }
    document.put("scopes_supported", Arrays.stream(Scope.values()).map(Scope::word).toList());
    document.put("bearer_methods_supported", List.of("header"));
    document.put("resource_name", "multiswarm coordinator");
    return document;
  }

  /** For the header {@code WWW-Authenticate}. */
  String challenge(HttpServerRequest request, boolean isWrong) {
    return "Bearer "
        + (isWrong ? "error=\"invalid_token\", " : "")
        + "resource_metadata=\""
        + base(request)
        + PATH
        + McpEndpoint.PATH
        + '"';
  }

  private String base(HttpServerRequest request) {
    String host = request.requestHeaders().get(HttpHeaderNames.HOST, "");
    if (!HOST.matcher(host).matches()
        && request.connectionHostAddress() instanceof InetSocketAddress own) {
      host = own.getHostString() + ':' + own.getPort();
    }
    return (door.isSecure(request, isSecure) ? "https://" : "http://") + host;
  }
}
