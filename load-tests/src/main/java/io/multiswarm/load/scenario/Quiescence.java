package io.multiswarm.load.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The end of a run: waiting for what is still on its way, and for what should not come at all. */
public final class Quiescence {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /** After the last thing that is expected; time for those that nobody expects. */
  private static final Duration LISTEN_ON = Duration.ofMillis(300);

  private Quiescence() {}

  /**
   * Completes a little after {@code quiet} holds, or when {@code progress} has not changed for as
   * long as {@code settle}.
   */
  public static Mono<Void> reached(
      BooleanSupplier quiet, LongSupplier progress, Duration settle, Scheduler clock) {
    return Mono.defer(
        () -> {
          var lastCount = new AtomicLong(progress.getAsLong());
          var lastChange = new AtomicLong(clock.now(TimeUnit.NANOSECONDS));
          return Flux.interval(LOOK_AGAIN, clock)
              .onBackpressureDrop()
              .takeUntil(
                  tick -> {
                    long now = clock.now(TimeUnit.NANOSECONDS);
                    long count = progress.getAsLong();
                    if (lastCount.getAndSet(count) != count) {
                      lastChange.set(now);
                    }
                    return quiet.getAsBoolean() || now - lastChange.get() > settle.toNanos();
                  })
              .then(Mono.delay(LISTEN_ON, clock))
              .then();
        });
  }
}
