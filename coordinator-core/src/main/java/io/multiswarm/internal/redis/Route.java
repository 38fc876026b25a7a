package io.multiswarm.internal.redis;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What goes before each connection and may block, on threads of its own: what the node proves
 * itself with is read, and the server's name resolved.
 */
final class Route {

  private static final int THREADS = 2;
  private static final int WAITING = 64;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Identity identity;
  private final Scheduler blocking =
      Schedulers.newBoundedElastic(
          THREADS, WAITING, "redis-route", (int) IDLE.toSeconds(), /* daemon */ true);

  Route(Identity identity) {
    this.identity = identity;
  }

  /** Completes when the identity is that of this moment. */
  Mono<Void> prepare() {
    return Mono.<Void>fromRunnable(identity::read).subscribeOn(blocking);
  }

  Mono<SocketAddress> to(RedisAddress server) {
    return Mono.fromCallable(() -> resolve(server, identity.access().serverName()))
        .subscribeOn(blocking);
  }

  /** Certificates are compared with the host of the address, and so with the name that is given. */
  private static SocketAddress resolve(RedisAddress server, @Nullable String serverName) {
    try {
      InetAddress found = InetAddress.getByName(server.host());
      return new InetSocketAddress(
          serverName == null ? found : InetAddress.getByAddress(serverName, found.getAddress()),
          server.port());
    } catch (UnknownHostException e) {
      throw new Obstacle("there is no host " + server.host(), e);
    }
  }

  void close() {
    blocking.dispose();
  }
}
