package io.multiswarm.load.faults;

import io.multiswarm.load.client.Connector;
import io.multiswarm.load.target.ServerProcess;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A place for a server: what is killed is followed by another one here. */
public final class ServerSlot {

  private final Mono<ServerProcess> starting;
  private final Connector connector;
  private volatile @Nullable ServerProcess server;
  private volatile String node = "";

  public ServerSlot(Mono<ServerProcess> starting, Connector connector) {
    this.starting = starting;
    this.connector = connector;
  }

  /** Completes when a new server runs here. */
  public Mono<Void> start() {
    return starting
        .flatMap(started -> identify(started.url()).thenReturn(started))
        .doOnNext(started -> server = started)
        .then();
  }

  private Mono<Void> identify(URI url) {
    return connector
        .connect(url)
        .flatMap(
            client ->
                client
                    .open()
                    .doOnNext(hello -> node = hello.path("node").asString())
                    .then(client.close()));
  }

  /** SIGKILL; completes when the process is gone. Nothing happens when none is here. */
  public Mono<Void> kill() {
    return Mono.defer(
        () -> {
          ServerProcess running = server;
          server = null;
          return running == null ? Mono.empty() : running.kill().then();
        });
  }

  /**
   * SIGTERM; completes with the exit code when the process is gone. Nobody is sent here meanwhile.
   */
  public Mono<Integer> stop() {
    return Mono.defer(
        () -> {
          ServerProcess running = server;
          server = null;
          return running == null ? Mono.empty() : running.stop();
        });
  }

  /** Where to reach the server that runs here. */
  public Optional<URI> url() {
    return Optional.ofNullable(server).map(ServerProcess::url);
  }

  /** Of the server that runs here. */
  public Optional<ProcessHandle> process() {
    return Optional.ofNullable(server).flatMap(ServerProcess::process);
  }

  /** Whether the server that runs here has that id. */
  public boolean is(String id) {
    return server != null && node.equals(id);
  }
}
