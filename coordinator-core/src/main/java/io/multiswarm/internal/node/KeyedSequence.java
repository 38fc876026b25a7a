package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Performs the writes to one thing, whatever they are of, one after another, in the order of their
 * subscription; those to different things do not wait for each other. For a merge patch is a read
 * and then a write, which a later write must not overtake; what is saved before a deregistration
 * must not come after it; and reports on a task travel in different batches.
 *
 * <p>Remembers one entry a thing with a write under way. A write must not wait for another one to
 * the same thing: that would be its own end.
 */
public final class KeyedSequence {

  static final int MOST_WAITING = 16_384;
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final String name;

  /** The end of the newest write, for the one behind it. */
  private final Map<String, Sinks.Empty<Void>> last = new ConcurrentHashMap<>();

  private final AtomicInteger waiting = new AtomicInteger();

  /** Ends that are still to be told; no more than there are writes under way. */
  private final Queue<Sinks.Empty<Void>> ended = new ConcurrentLinkedQueue<>();

  private final AtomicInteger untold = new AtomicInteger();

  /**
   * @param name of the things, for a refusal
   */
  public KeyedSequence(String name) {
    this.name = name;
  }

  /** {@code RESOURCE_EXHAUSTED} when too many wait. */
  public <T> Mono<T> inTurn(String id, Mono<T> write) {
    return Mono.defer(
        () -> {
          if (waiting.get() >= MOST_WAITING) {
            return Mono.error(this::overload);
          }
          Sinks.Empty<Void> mine = Sinks.empty();
          Sinks.Empty<Void> before = last.put(id, mine);
          return before == null
              ? write.doOnTerminate(() -> end(id, mine)).doOnCancel(() -> end(id, mine))
              : after(before.asMono(), id, mine, write);
        });
  }

  private <T> Mono<T> after(Mono<Void> before, String id, Sinks.Empty<Void> mine, Mono<T> write) {
    waiting.incrementAndGet();
    before.subscribe(null, null, waiting::decrementAndGet);
    // Who is cancelled while it waits must not let the next overtake the one before.
    return before
        .then(write)
        .doOnTerminate(() -> end(id, mine))
        .doOnCancel(() -> before.subscribe(null, null, () -> end(id, mine)));
  }

  /** Whether a write to it is under way. */
  public boolean isBusy(String id) {
    return last.containsKey(id);
  }

  /** Completes when the writes to these that are under way have ended. */
  public Mono<Void> settled(Collection<String> ids) {
    return Mono.defer(
        () ->
            Mono.when(
                ids.stream()
                    .map(last::get)
                    .filter(Objects::nonNull)
                    .map(Sinks.Empty::asMono)
                    .toList()));
  }

  private void end(String id, Sinks.Empty<Void> mine) {
    last.remove(id, mine);
    ended.add(mine);
    if (untold.getAndIncrement() == 0) {
      tellEnds();
    }
  }

  /**
   * One after the other, and not each within the one before: while Redis is away a write has failed
   * when it has begun, and thousands that waited would be as many calls deep.
   */
  private void tellEnds() {
    do {
      // Fails only when the write had ended already, which is just as well.
      ended.remove().tryEmitEmpty();
    } while (untold.decrementAndGet() > 0);
  }

  private CoordinationException overload() {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "%s: too many writes are waiting already; slow down",
            name)
        .retryAfter(RETRY_AFTER);
  }
}
