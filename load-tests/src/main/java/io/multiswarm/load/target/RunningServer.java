package io.multiswarm.load.target;

import io.multiswarm.load.client.Door;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A server that somebody else started and will stop, or several. */
public record RunningServer(List<Door> doors, Optional<URI> redis) implements Target {

  /** One alone. */
  public RunningServer(URI url, Optional<URI> redis) {
    this(List.of(new Door(url)), redis);
  }

  @Override
  public URI url() {
    return doors.get(0).url();
  }

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.empty();
  }

  @Override
  public Mono<Void> close() {
    return Mono.empty();
  }
}
