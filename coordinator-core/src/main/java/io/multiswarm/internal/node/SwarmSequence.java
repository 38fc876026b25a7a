package io.multiswarm.registry;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Performs the writes to one swarm one after another, in the order of their subscription; those of
 * different swarms do not wait for each other. Needed because a merge patch is a read and then a
 * write, which a later write must not overtake.
 *
 * <p>Remembers one entry a swarm with a write under way.
 */
final class SwarmSequence {

  private final Map<String, Turn> last = new ConcurrentHashMap<>();

  /** The end of a write, for the one behind it. */
  private static final class Turn {
    final Sinks.Empty<Void> over = Sinks.empty();
  }

  <T> Mono<T> inTurn(String swarmId, Mono<T> write) {
    return Mono.defer(
        () -> {
          Turn mine = new Turn();
          Turn before = last.put(swarmId, mine);
          Mono<T> turn = before == null ? write : before.over.asMono().then(write);
          return turn.doOnTerminate(() -> end(swarmId, mine))
              .doOnCancel(() -> endAfter(before, swarmId, mine));
        });
  }

  /** Completes when the writes to these swarms that are under way have ended. */
  Mono<Void> settled(Collection<String> swarmIds) {
    return Mono.defer(
        () ->
            Mono.when(
                swarmIds.stream()
                    .map(last::get)
                    .filter(Objects::nonNull)
                    .map(turn -> turn.over.asMono())
                    .toList()));
  }

  /** Who is cancelled while it waits must not let the next overtake the one before. */
  private void endAfter(@Nullable Turn before, String swarmId, Turn mine) {
    if (before == null) {
      end(swarmId, mine);
    } else {
      before.over.asMono().subscribe(null, null, () -> end(swarmId, mine));
    }
  }

  private void end(String swarmId, Turn mine) {
    last.remove(swarmId, mine);
    // Fails only when the turn was over already, which is just as well.
    mine.over.tryEmitEmpty();
  }
}
