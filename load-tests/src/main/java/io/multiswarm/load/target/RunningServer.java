package io.multiswarm.load.target;

import java.net.URI;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A server that somebody else started and will stop. */
public record RunningServer(URI url, Optional<URI> redis) implements Target {

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.empty();
  }

  @Override
  public Mono<Void> close() {
    return Mono.empty();
  }
}
