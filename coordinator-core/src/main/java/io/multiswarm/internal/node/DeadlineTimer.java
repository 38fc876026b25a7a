package io.multiswarm.internal.node;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Does some work when it is due: each run tells when the next is, and anybody may ask for an
 * earlier one. So nothing polls while nothing is due, and one run is under way at a time.
 *
 * <p>Concurrency: all state is guarded by {@code this}, the timer included: set outside, a late one
 * could replace an early one that was asked for meanwhile. Work is started outside.
 */
public final class DeadlineTimer implements Disposable {

  private static final Logger log = LoggerFactory.getLogger(DeadlineTimer.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final Scheduler scheduler;
  private final Duration longest;
  private final Supplier<Mono<Duration>> work;
  private final Disposable.Swap timer = Disposables.swap();
  private final Disposable.Swap running = Disposables.swap();
  private boolean busy;
  private long dueAt = NEVER;

  /**
   * @param longest between the end of a run and the beginning of the next
   * @param work gives the time until it should be done again; it must not fail
   */
  public DeadlineTimer(Scheduler scheduler, Duration longest, Supplier<Mono<Duration>> work) {
    this.scheduler = scheduler;
    this.longest = longest;
    this.work = work;
  }

  /** Does work at once and whenever it is due, until cancelled or until work fails. */
  public static Flux<Void> repeat(
      Scheduler scheduler, Duration longest, Supplier<Mono<Duration>> work) {
    return repeat(scheduler, longest, work, timer -> {});
  }

  /**
   * As above.
   *
   * @param begun is given the timer, to ask for earlier runs
   */
  public static Flux<Void> repeat(
      Scheduler scheduler,
      Duration longest,
      Supplier<Mono<Duration>> work,
      Consumer<DeadlineTimer> begun) {
    return Flux.defer(
        () -> {
          Sinks.Empty<Void> end = Sinks.empty();
          Supplier<Mono<Duration>> orEnd =
              () ->
                  Mono.defer(work)
                      .onErrorResume(
                          error -> {
                            end.tryEmitError(error); // later ones than the first are of no interest
                            return Mono.just(longest);
                          });
          DeadlineTimer timer = new DeadlineTimer(scheduler, longest, orEnd);
          begun.accept(timer);
          timer.wakeWithin(Duration.ZERO);
          return end.asMono().flux().doFinally(over -> timer.dispose());
        });
  }

  /** Work is done within this time, or sooner. */
  public void wakeWithin(Duration time) {
    long at = now() + Math.max(0, time.toMillis());
    synchronized (this) {
      if (at >= dueAt) {
        return;
      }
      dueAt = at;
      if (!busy) {
        schedule(at);
      }
    }
  }

  private void schedule(long at) {
    try {
      timer.update(scheduler.schedule(this::ring, Math.max(0, at - now()), TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      log.trace("The scheduler is disposed, and this with it", e);
    }
  }

  private void ring() {
    synchronized (this) {
      if (busy || isDisposed()) {
        return;
      }
      busy = true;
      dueAt = NEVER;
    }
    // Not update: where the next run has begun before this one is noted, that would dispose of it.
    running.replace(
        Mono.defer(work)
            .defaultIfEmpty(longest)
            .contextWrite(LateErrors::noted)
            .subscribe(this::finished, this::failed));
  }

  private void failed(Throwable defect) {
    log.error("Defect: the work of a timer failed", defect);
    finished(longest);
  }

  private void finished(Duration next) {
    Duration wait = next.compareTo(longest) < 0 ? next : longest;
    long at = now() + Math.max(0, wait.toMillis());
    synchronized (this) {
      busy = false;
      dueAt = Math.min(dueAt, at);
      if (!isDisposed()) {
        schedule(dueAt);
      }
    }
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }

  @Override
  public void dispose() {
    timer.dispose();
    running.dispose();
  }

  @Override
  public boolean isDisposed() {
    return timer.isDisposed();
  }
}
