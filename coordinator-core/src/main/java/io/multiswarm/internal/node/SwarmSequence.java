package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Performs the writes to one swarm, whatever they are of, one after another, in the order of their
 * subscription; those of different swarms do not wait for each other. Needed because a merge patch
 * is a read and then a write, which a later write must not overtake, and because what is saved
 * before a deregistration must not come after it.
 *
 * <p>Remembers one entry a swarm with a write under way. A write must not wait for another one to
 * the same swarm: that would be its own end.
 */
public final class SwarmSequence {

  private static final int MOST_WAITING = 16_384;
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final Map<String, Turn> last = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** The end of a write, for the one behind it. */
  private static final class Turn {
    final Sinks.Empty<Void> over = Sinks.empty();
  }

  /** {@code RESOURCE_EXHAUSTED} when too many wait. */
  public <T> Mono<T> inTurn(String swarmId, Mono<T> write) {
    return Mono.defer(
        () -> {
          if (waiting.get() >= MOST_WAITING) {
            return Mono.error(SwarmSequence::overload);
          }
          Turn mine = new Turn();
          Turn before = last.put(swarmId, mine);
          return before == null
              ? write.doOnTerminate(() -> end(swarmId, mine)).doOnCancel(() -> end(swarmId, mine))
              : after(before.over.asMono(), swarmId, mine, write);
        });
  }

  private <T> Mono<T> after(Mono<Void> before, String swarmId, Turn mine, Mono<T> write) {
    waiting.incrementAndGet();
    before.subscribe(null, null, waiting::decrementAndGet);
    // Who is cancelled while it waits must not let the next overtake the one before.
    return before
        .then(write)
        .doOnTerminate(() -> end(swarmId, mine))
        .doOnCancel(() -> before.subscribe(null, null, () -> end(swarmId, mine)));
  }

  /** Whether a write to the swarm is under way. */
  public boolean isBusy(String swarmId) {
    return last.containsKey(swarmId);
  }

  /** Completes when the writes to these swarms that are under way have ended. */
  public Mono<Void> settled(Collection<String> swarmIds) {
    return Mono.defer(
        () ->
            Mono.when(
                swarmIds.stream()
                    .map(last::get)
                    .filter(Objects::nonNull)
                    .map(turn -> turn.over.asMono())
                    .toList()));
  }

  private void end(String swarmId, Turn mine) {
    last.remove(swarmId, mine);
    // Fails only when the turn was over already, which is just as well.
    mine.over.tryEmitEmpty();
  }

  private static CoordinationException overload() {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED, "swarms: too many writes are waiting already; slow down")
        .retryAfter(RETRY_AFTER);
  }
}
