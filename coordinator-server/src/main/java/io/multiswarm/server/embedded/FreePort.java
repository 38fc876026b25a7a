package io.multiswarm.server.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a port that nobody listens on.
 *
 * <p>The system's own choice would lie among those that it hands to outgoing connections. While
 * redis-server is away, such a port can be taken by any of them, even by a client that tries to
 * connect to that very port and so meets itself; redis-server could not come back. These lie below,
 * on Linux and macOS.
 */
final class FreePort {

  private static final int FIRST = 20_000;
  private static final int END = 32_768;
  private static final int ATTEMPTS = 100;

  private FreePort() {}

  static int find() {
    return ThreadLocalRandom.current()
        .ints(ATTEMPTS, FIRST, END)
        .filter(FreePort::isFree)
        .findFirst()
        .orElseThrow(
            () ->
                new EmbeddedRedisException(
                    "no free port between %d and %d for redis-server: give a --redis-url"
                        .formatted(FIRST, END)));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
