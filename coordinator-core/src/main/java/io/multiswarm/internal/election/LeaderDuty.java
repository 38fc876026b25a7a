package io.multiswarm.internal.election;

import io.multiswarm.election.Leadership;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What only the leader does. A duty begins with a leadership and is cancelled before that can have
 * been lost; a failure of one does not disturb the others.
 *
 * <p>Every script that a duty runs takes the leader's epoch and compares it ({@code lib/leader});
 * {@code FENCED} ends the leadership here and is never repeated. Any other failure is.
 */
public sealed interface LeaderDuty {

  /** For logs and statistics. */
  String name();

  /** A duty that is done again and again. */
  non-sealed interface Periodic extends LeaderDuty {

    /** Between the beginnings of two runs. A run that takes longer delays the next. */
    Duration interval();

    /** One run. */
    Mono<Void> run(Leadership.Leader leader);
  }

  /** A duty that goes on as long as the leadership. */
  non-sealed interface Continuous extends LeaderDuty {

    /** Subscribed when leadership begins, again after a failure, with a pause. */
    Flux<?> perform(Leadership.Leader leader);
  }
}
