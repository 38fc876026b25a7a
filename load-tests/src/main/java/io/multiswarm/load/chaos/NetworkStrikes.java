package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.Passage;
import io.multiswarm.load.faults.Relay;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What happens to all ways between servers and Redis at once. */
final class NetworkStrikes {

  /** How long each takes. */
  static final Duration TIME = Duration.ofSeconds(2);

  private static final Duration BETWEEN_RESETS = Duration.ofMillis(200);

  private final List<Relay> relays;
  private final ChaosContext context;

  NetworkStrikes(List<Relay> relays, ChaosContext context) {
    this.relays = relays;
    this.context = context;
  }

  /** Completes when bytes pass again. */
  Mono<Void> disturbed(Strike strike) {
    return switch (strike) {
      case RESETS -> resets();
      case HALF_OPEN -> during(Passage.NOTHING);
      case DELAY -> during(Passage.LATE);
      case LOST_REPLIES -> during(Passage.NO_REPLIES);
      case SLICES -> during(Passage.SLICED);
      default -> Mono.error(new IllegalArgumentException(strike + " is not done by the network"));
    };
  }

  private Mono<Void> during(Passage passage) {
    return each(relay -> relay.pass(passage))
        .then(Mono.delay(TIME, context.clock()))
        .then(each(relay -> relay.pass(Passage.ALL)));
  }

  private Mono<Void> resets() {
    return Flux.interval(Duration.ZERO, BETWEEN_RESETS, context.clock())
        .onBackpressureDrop()
        .take(TIME.dividedBy(BETWEEN_RESETS))
        .concatMap(tick -> each(Relay::reset), 1)
        .then();
  }

  private Mono<Void> each(Consumer<Relay> what) {
    return Mono.fromRunnable(() -> relays.forEach(what));
  }
}
