package io.multiswarm.server.websocket;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/** What a client's opening handshake must be (RFC 6455, 4.2.1). */
final class Handshake {

  static final String WEBSOCKET = "websocket";
  static final String VERSION = "13";

  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;

  /** Name or address, and perhaps a port; a list of two is none. */
  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._~%:\\[\\]-]+");

  private Handshake() {}

  /** Whether it asks for a WebSocket of our version at all. */
  static boolean isWanted(HttpServerRequest request) {
    HttpHeaders headers = request.requestHeaders();
    return request.method().equals(HttpMethod.GET)
        && headers.containsValue(UPGRADE, WEBSOCKET, true)
        && VERSION.equals(headers.get(SEC_WEBSOCKET_VERSION));
  }

  /** What is wrong with it; null when nothing is. */
  static @Nullable String faultOf(HttpServerRequest request) {
    HttpHeaders headers = request.requestHeaders();
    if (!request.version().equals(HttpVersion.HTTP_1_1)) {
      return "a WebSocket begins with HTTP/1.1";
    }
    if (!isAuthority(headers.getAll(HOST))) {
      return "Host: must be given once, the server's name and port";
    }
    if (!headers.containsValue(CONNECTION, "upgrade", true)) {
      return "Connection: must be Upgrade";
    }
    if (headers.getAll(SEC_WEBSOCKET_VERSION).size() > 1) {
      return "Sec-WebSocket-Version: must be given once";
    }
    return isKey(headers.getAll(SEC_WEBSOCKET_KEY))
        ? null
        : "Sec-WebSocket-Key: must be given once, 16 bytes in base64";
  }

  private static boolean isAuthority(List<String> hosts) {
    return hosts.size() == 1 && AUTHORITY.matcher(hosts.get(0)).matches();
  }

  private static boolean isKey(List<String> keys) {
    if (keys.size() != 1 || keys.get(0).length() != KEY_CHARACTERS) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(keys.get(0)).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  static List<String> offeredProtocols(HttpHeaders headers) {
    return headers.getAll(SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
