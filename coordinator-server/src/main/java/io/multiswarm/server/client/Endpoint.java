package io.multiswarm.server.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how to be let in.
 *
 * @param url of its WebSocket
 * @param token null where none is asked for
 * @param trusted certificates in PEM that are trusted instead of the machine's; null for those
 * @param fleet to be in; null for that of the token, or the server's first
 */
public record Endpoint(
    URI url, @Nullable String token, @Nullable Path trusted, @Nullable String fleet) {

  private static final String PATH = "/v1/ws";
  private static final Map<String, String> SCHEMES =
      Map.of("ws", "ws", "wss", "wss", "http", "ws", "https", "wss");

  /**
   * Reads an address as people write it: {@code ws://host:8080/v1/ws}, the dashboard's {@code
   * http://host:8080/}, or {@code host:8080}.
   *
   * @throws IllegalArgumentException when it is none; the message says what would be one
   */
  public static Endpoint of(String address, @Nullable String token, @Nullable Path trusted) {
    String text = address.strip();
    try {
      URI given = new URI(text.contains("://") ? text : "ws://" + text);
      String scheme = SCHEMES.get(String.valueOf(given.getScheme()).toLowerCase(Locale.ROOT));
      if (scheme == null || given.getHost() == null || given.getUserInfo() != null) {
        throw noAddress(text);
      }
      String path = given.getPath();
      boolean isBare = path == null || path.isEmpty() || path.equals("/");
      URI url =
          new URI(scheme, null, given.getHost(), given.getPort(), isBare ? PATH : path, null, null);
      return new Endpoint(url, token, trusted, null);
    } catch (URISyntaxException e) {
      throw noAddress(text);
    }
  }

  /** The same, of another fleet. */
  public Endpoint inFleet(@Nullable String name) {
    return new Endpoint(url, token, trusted, name);
  }

  private static IllegalArgumentException noAddress(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address of a server; write it as ws://127.0.0.1:8080");
  }

  boolean isSecure() {
    return "wss".equals(url.getScheme());
  }

  /** Without the token, which is nobody's business. */
  @Override
  public String toString() {
    return url.toString();
  }
}
