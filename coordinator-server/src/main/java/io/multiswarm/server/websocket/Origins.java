package io.multiswarm.server.websocket;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect (a browser tells the page's origin; other clients tell none).
 * Compared exactly. The server's own address is the address that the connection came to, not what
 * the client says in {@code Host}: a page that rebinds its name to our address says its own there.
 */
final class Origins {

  private final Set<String> allowed;

  Origins(List<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * @param origins the values of all Origin headers
   * @param local where the connection arrived
   */
  boolean allow(List<String> origins, @Nullable SocketAddress local) {
    if (origins.isEmpty()) {
      return true;
    }
    String origin = origins.get(0);
    return origins.size() == 1
        && (allowed.contains(origin)
            || local instanceof InetSocketAddress address && isOwn(origin, address));
  }

  private static boolean isOwn(String origin, InetSocketAddress local) {
    String address = local.getAddress().getHostAddress();
    int scope = address.indexOf('%');
    String host = scope < 0 ? address : address.substring(0, scope);
    boolean isLoopback = local.getAddress().isLoopbackAddress();
    return isAt(
            origin, host.indexOf(':') < 0 ? host : '[' + compressed(host) + ']', local.getPort())
        || isLoopback && isAt(origin, "localhost", local.getPort());
  }

  private static String compressed(String ipv6) {
    return ipv6.equals("0:0:0:0:0:0:0:1") ? "::1" : ipv6;
  }

  private static boolean isAt(String origin, String host, int port) {
    return origin.equals("http://" + host + ':' + port)
        || origin.equals("https://" + host + ':' + port)
        || port == 80 && origin.equals("http://" + host)
        || port == 443 && origin.equals("https://" + host);
  }
}
