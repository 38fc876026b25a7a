package io.multiswarm;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A handler that hears messages until it is disposed of. */
public interface Listening extends Disposable {

  /**
   * Completes when the handler hears: a message that is acknowledged to its sender after that
   * moment reaches the handler. While Redis is away it waits. Fails only when listening has ended
   * before, with {@code UNAVAILABLE} of a node that was shut down.
   */
  Mono<Void> ready();
}
