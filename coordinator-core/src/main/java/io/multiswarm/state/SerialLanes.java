package io.multiswarm.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Runs what concerns one swarm one after the other, in the order of subscription; swarms do not
 * wait for each other. Needed because a merge patch takes two calls of Redis, which no save that
 * was asked for later may overtake.
 *
 * <p>Each entry is the end of the newest work of a swarm; the next work waits for that end and puts
 * its own in its place. Work that is cancelled while it waits passes the end on.
 */
final class SerialLanes {

  private static final int MOST_WAITING = 16_384;
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final Map<String, Sinks.Empty<Void>> ends = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Whether work of the swarm is under way. */
  boolean isBusy(String swarmId) {
    return ends.containsKey(swarmId);
  }

  <T> Mono<T> run(String swarmId, Mono<T> work) {
    return Mono.defer(
        () -> {
          if (waiting.get() >= MOST_WAITING) {
            return Mono.error(SerialLanes::overload);
          }
          Sinks.Empty<Void> end = Sinks.empty();
          Sinks.Empty<Void> before = ends.put(swarmId, end);
          return before == null
              ? ended(swarmId, end, work)
              : queued(swarmId, end, before.asMono(), work);
        });
  }

  private <T> Mono<T> queued(
      String swarmId, Sinks.Empty<Void> end, Mono<Void> before, Mono<T> work) {
    waiting.incrementAndGet();
    // Each subscribes to the end before, which is kept for late subscribers too.
    before.subscribe(null, null, waiting::decrementAndGet);
    return before
        .then(ended(swarmId, end, work))
        .doOnCancel(() -> before.subscribe(null, null, () -> end(swarmId, end)));
  }

  private <T> Mono<T> ended(String swarmId, Sinks.Empty<Void> end, Mono<T> work) {
    return work.doFinally(signal -> end(swarmId, end));
  }

  private void end(String swarmId, Sinks.Empty<Void> end) {
    ends.remove(swarmId, end);
    // FAIL_TERMINATED: it had ended before it was cancelled. A Sinks.Empty knows no other failure.
    end.tryEmitEmpty();
  }

  private static CoordinationException overload() {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED, "state: too many calls are waiting already; slow down")
        .retryAfter(RETRY_AFTER);
  }
}
