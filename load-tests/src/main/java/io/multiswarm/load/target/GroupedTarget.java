package io.multiswarm.load.target;

import java.net.URI;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A server of our own on a Redis of ours.
 *
 * @param writable the process that took writes when the server was ready
 */
public record GroupedTarget(ServerProcess server, SharedRedis shared, URI writable)
    implements Target {

  @Override
  public URI url() {
    return server.url();
  }

  @Override
  public Optional<URI> redis() {
    return Optional.of(writable);
  }

  @Override
  public Optional<ProcessHandle> process() {
    return server.process();
  }

  @Override
  public Mono<Void> close() {
    return server.close().then(shared.close());
  }
}
