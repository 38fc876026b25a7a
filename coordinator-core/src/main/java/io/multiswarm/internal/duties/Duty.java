package io.multiswarm.internal.duties;

import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What only the holder of an {@link Office} does. A duty begins with a term and is cancelled with
 * it; a failure of one does not disturb the others.
 *
 * <p>Every script that a duty runs takes the term's token and compares it ({@code lib/leader},
 * {@code lib/upkeep}); {@code FENCED} ends the term here and is never repeated. Any other failure
 * is.
 *
 * @param <T> a term of the office
 */
public sealed interface Duty<T> {

  /** For logs and statistics. */
  String name();

  /** A duty that is done again and again. */
  non-sealed interface Periodic<T> extends Duty<T> {

    /** Between the beginnings of two runs. A run that takes longer delays the next. */
    Duration interval();

    /** One run. */
    Mono<Void> run(T term);
  }

  /** A duty that goes on as long as the term. */
  non-sealed interface Continuous<T> extends Duty<T> {

    /** Subscribed when a term begins, again after a failure, with a pause. */
    Flux<?> perform(T term);
  }
}
