package io.multiswarm.internal.registry;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A job that is done again and again and that nothing ends: a tick that comes while the job is
 * still under way is dropped, a job that takes too long is given up, and one that fails is followed
 * by the next.
 */
final class Heart {

  private static final Logger log = LoggerFactory.getLogger(Heart.class);

  private final Duration timeout;
  private final Scheduler scheduler;

  /**
   * @param timeout after which a run is given up
   */
  Heart(Duration timeout, Scheduler scheduler) {
    this.timeout = timeout;
    this.scheduler = scheduler;
  }

  /** Begins with a run at once; ends when disposed. */
  Disposable beat(String name, Duration interval, Supplier<Mono<Void>> job) {
    return Flux.interval(Duration.ZERO, interval, scheduler)
        .onBackpressureDrop()
        .concatMap(tick -> once(name, job), 0)
        .subscribe();
  }

  private Mono<Void> once(String name, Supplier<Mono<Void>> job) {
    return Mono.defer(job)
        .timeout(timeout, scheduler)
        .onErrorResume(
            error -> {
              log.debug("{} failed and will be tried again: {}", name, error.toString());
              return Mono.empty();
            });
  }
}
