package io.multiswarm.load.failover;

import io.multiswarm.load.target.ServerProcess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A place for a server: what is killed is followed by another one here, on the same road to Redis
 * and with the same swarms.
 */
final class Node {

  private final Relay relay;
  private final Crew crew;
  private final Mono<ServerProcess> starting;
  private volatile @Nullable ServerProcess server;

  /**
   * @param starting starts a server that reaches Redis by the relay
   */
  Node(Relay relay, Crew crew, Mono<ServerProcess> starting) {
    this.relay = relay;
    this.crew = crew;
    this.starting = starting;
  }

  /** Completes when a new server runs here and holds the swarms. */
  Mono<Void> start() {
    return starting
        .doOnNext(started -> server = started)
        .flatMap(started -> crew.board(started.url()));
  }

  ServerProcess server() {
    return Objects.requireNonNull(server, "started before");
  }

  Relay relay() {
    return relay;
  }

  Crew crew() {
    return crew;
  }

  /** Whether the server that runs here has that id. */
  boolean is(String node) {
    return crew.node().equals(node);
  }

  /** Ends what runs here, however it is. */
  Mono<Void> close() {
    ServerProcess running = server;
    return (running == null ? Mono.<Void>empty() : running.kill().then())
        .doFinally(end -> relay.close());
  }
}
