package io.multiswarm.internal.node;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A job that is done again and again and that nothing ends: a tick that comes while the job is
 * still under way is dropped, a job that takes too long is given up, and one that fails is followed
 * by the next. Every interval of the system is one of these.
 *
 * @param first time until the first run
 * @param limit after which a run is given up; null for never, where the job has a limit itself
 * @param failed told of each failure
 */
public record Periodic(
    Duration interval,
    Scheduler scheduler,
    Duration first,
    @Nullable Duration limit,
    Consumer<Throwable> failed) {

  private static final Logger log = LoggerFactory.getLogger(Periodic.class);

  /** Begins with a run at once; tells nobody of failures. */
  public static Periodic every(Duration interval, Scheduler scheduler) {
    return new Periodic(
        interval,
        scheduler,
        Duration.ZERO,
        null,
        error -> log.debug("Failed and will be tried again: {}", error.toString()));
  }

  public Periodic firstAfter(Duration time) {
    return new Periodic(interval, scheduler, time, limit, failed);
  }

  public Periodic givenUpAfter(Duration time) {
    return new Periodic(interval, scheduler, first, time, failed);
  }

  public Periodic onFailure(Consumer<Throwable> listener) {
    return new Periodic(interval, scheduler, first, limit, listener);
  }

  /** Goes on until the result is disposed. */
  public Disposable start(Supplier<Mono<Void>> job) {
    return perform(job).subscribe();
  }

  /** Emits nothing and goes on until it is cancelled. */
  public Flux<Void> perform(Supplier<Mono<Void>> job) {
    return Flux.interval(first, interval, scheduler)
        .onBackpressureDrop()
        .concatMap(tick -> once(job), 0)
        .contextWrite(LateErrors::noted);
  }

  private Mono<Void> once(Supplier<Mono<Void>> job) {
    Mono<Void> run = Mono.defer(job);
    return (limit == null ? run : run.timeout(limit, tooLong(limit), scheduler))
        .onErrorResume(
            error -> {
              failed.accept(error);
              return Mono.empty();
            });
  }

  private static Mono<Void> tooLong(Duration limit) {
    return Mono.error(
        () -> new TimeoutException("it took more than " + limit.toMillis() + " ms; given up"));
  }
}
