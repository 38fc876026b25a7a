package io.multiswarm.load.messages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The broadcasts of one session that it has not heard itself yet, by their numbers. On the
 * session's event loop.
 */
final class PendingEchoes {

  private final Map<Long, Sinks.Empty<Void>> awaited = new HashMap<>();

  /** Completes with {@link #heard} of that number after this call, or {@link #giveUp}. */
  Mono<Void> await(long number) {
    Sinks.Empty<Void> sink = Sinks.unsafe().empty();
    awaited.put(number, sink);
    return sink.asMono().doFinally(end -> awaited.remove(number));
  }

  void heard(long number) {
    Sinks.Empty<Void> sink = awaited.get(number);
    if (sink != null) {
      sink.tryEmitEmpty();
    }
  }

  /** Some may never be heard. */
  void giveUp() {
    List.copyOf(awaited.values()).forEach(Sinks.Empty::tryEmitEmpty);
  }
}
