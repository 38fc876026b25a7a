package io.multiswarm.server.websocket;

import io.multiswarm.server.auth.Addresses;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Counts connections, in all and by address, against their limits. Safe for concurrent use. */
final class Connections {

  private final int max;
  private final int maxPerAddress;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
  private final Sinks.Empty<Void> empty = Sinks.empty();
  private volatile boolean closed;

  Connections(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /**
   * The setting whose limit one more would be over; null when it is within, and then {@link #ended}
   * must follow.
   */
  @Nullable String begins(InetAddress client) {
    InetAddress address = Addresses.counted(client);
    int count = all.incrementAndGet();
    int here = byAddress.merge(address, 1, Integer::sum);
    if (!closed && count <= max && here <= maxPerAddress) {
      return null;
    }
    ended(address);
    return count > max ? "MAX_CONNECTIONS" : "MAX_CONNECTIONS_PER_ADDRESS";
  }

  void ended(InetAddress client) {
    InetAddress address = Addresses.counted(client);
    int left = all.decrementAndGet();
    byAddress.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
    if (left == 0 && closed) {
      // Several ends may meet here; the first says it for all.
      empty.tryEmitEmpty();
    }
  }

  /** Admits none from now on; completes when the last one has ended. */
  Mono<Void> close() {
    closed = true;
    if (all.get() == 0) {
      empty.tryEmitEmpty();
    }
    return empty.asMono();
  }

  boolean isClosed() {
    return closed;
  }

  int count() {
    return all.get();
  }
}
