package io.multiswarm.server.websocket;

import io.netty.util.NetUtil;
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
public final class Origins {

  private final Set<String> allowed;

  public Origins(List<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * @param origins the values of all Origin headers
   * @param local where the connection arrived
   */
  public boolean allow(List<String> origins, @Nullable SocketAddress local) {
    if (origins.isEmpty()) {
      return true;
    }
    String origin = origins.get(0);
    return origins.size() == 1
        && (allowed.contains(origin)
            || local instanceof InetSocketAddress address && isOwn(origin, address));
  }

  private static boolean isOwn(String origin, InetSocketAddress local) {
    // Without a scope and in the short form of IPv6, as browsers write it (RFC 5952).
    String address = NetUtil.toAddressString(local.getAddress());
    String host = address.indexOf(':') < 0 ? address : '[' + address + ']';
    boolean isLoopback = local.getAddress().isLoopbackAddress();
    return isAt(origin, host, local.getPort())
        || isLoopback && isAt(origin, "localhost", local.getPort());
  }

  private static boolean isAt(String origin, String host, int port) {
    return origin.equals("http://" + host + ':' + port)
        || origin.equals("https://" + host + ':' + port)
        || port == 80 && origin.equals("http://" + host)
        || port == 443 && origin.equals("https://" + host);
  }
}
