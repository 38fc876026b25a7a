package io.multiswarm.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The parts of the process in the order of their start. They stop in the opposite order, each when
 * the one before has stopped: Redis last, for the others still have something to tell it.
 */
final class Parts {

  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private record Part(String name, Duration patience, Supplier<Mono<Void>> stop) {}

  private final Scheduler scheduler;
  private final Deque<Part> started = new ArrayDeque<>();
  private boolean stopping;

  Parts(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Adds a part that is about to start.
   *
   * @param patience how long its stop may take before the next one is stopped regardless
   * @param stop stops it, whether or not its start has succeeded
   * @throws CancellationException when the process is stopping already
   */
  synchronized void add(String name, Duration patience, Supplier<Mono<Void>> stop) {
    if (stopping) {
      throw new CancellationException("the server was told to stop before it had started");
    }
    started.push(new Part(name, patience, stop));
  }

  /**
   * Stops all parts. One that fails or takes too long is logged and does not keep the others.
   *
   * @return completes when all have been stopped, and never fails
   */
  Mono<Void> stop() {
    return Flux.defer(() -> Flux.fromIterable(takeAll())).concatMap(this::stop).then();
  }

  private synchronized List<Part> takeAll() {
    stopping = true;
    List<Part> parts = List.copyOf(started);
    started.clear();
    return parts;
  }

  private Mono<Void> stop(Part part) {
    return Mono.defer(part.stop())
        .timeout(part.patience(), scheduler)
        .onErrorResume(
            failure -> {
              log.warn("The {} did not stop in order: {}", part.name(), failure.toString());
              return Mono.empty();
            });
  }
}
