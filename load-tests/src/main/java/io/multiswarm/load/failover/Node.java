package io.multiswarm.load.failover;

import io.multiswarm.load.faults.Relay;
import io.multiswarm.load.target.ServerProcess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A place for a server: what is killed is followed by another one here, with the same way to Redis
 * and with the same swarms.
 */
final class Node {

  private final @Nullable Relay relay;
  private final NodeSwarms swarms;
  private final Mono<ServerProcess> starting;
  private volatile @Nullable ServerProcess server;

  /**
   * @param relay the way to Redis; null when that is none of ours
   * @param starting starts a server that reaches Redis by the relay, if there is one
   */
  Node(@Nullable Relay relay, NodeSwarms swarms, Mono<ServerProcess> starting) {
    this.relay = relay;
    this.swarms = swarms;
    this.starting = starting;
  }

  /** Completes when a new server runs here and holds the swarms. */
  Mono<Void> start() {
    return starting
        .doOnNext(started -> server = started)
        .flatMap(started -> swarms.attachTo(started.url()));
  }

  ServerProcess server() {
    return Objects.requireNonNull(server, "started before");
  }

  Relay relay() {
    return Objects.requireNonNull(relay, "there is one before a single Redis");
  }

  NodeSwarms swarms() {
    return swarms;
  }

  /** Whether the server that runs here has that id. */
  boolean is(String node) {
    return swarms.node().equals(node);
  }

  /** Ends what runs here, however it is. */
  Mono<Void> close() {
    ServerProcess running = server;
    return (running == null ? Mono.<Void>empty() : running.kill().then())
        .doFinally(end -> closeRelay());
  }

  private void closeRelay() {
    if (relay != null) {
      relay.close();
    }
  }
}
