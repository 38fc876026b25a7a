package io.multiswarm.load.target;

import java.net.URI;
import reactor.core.publisher.Mono;

/** One that somebody else started: nothing is killed here, and nothing is ended. */
record ForeignRedis(URI uri) implements SharedRedis {

  @Override
  public URI heardAt() {
    return uri;
  }

  @Override
  public Mono<URI> writable() {
    return Mono.just(uri);
  }

  @Override
  public Mono<Void> kill() {
    return Mono.error(() -> new IllegalStateException(uri + " is not ours to kill"));
  }

  @Override
  public Mono<Void> restart() {
    return kill();
  }

  @Override
  public Mono<Void> whole() {
    return Mono.empty();
  }

  @Override
  public Mono<Void> close() {
    return Mono.empty();
  }
}
