package io.multiswarm.internal.duties;

import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * What one node of the fleet holds at a time, for a term.
 *
 * @param <T> a term, with the token that each of its writes carries
 */
public interface Office<T> {

  /** The present term of this node and each that follows, empty in between; until cancelled. */
  Flux<Optional<T>> terms();

  /** The same term as it is by now; empty when it is over, as far as this node knows. */
  Optional<T> stillHeld(T term);

  /** A write of that term was refused: it is over. */
  void fenced(T term);
}
