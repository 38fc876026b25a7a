package io.multiswarm.load.pace;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The intended times of an open load.
 *
 * <p>Slot k is due at {@code start + k/rate}, whatever became of the slots before it. A sender that
 * is held up (the server is slow, its window is full) takes the slots that became due meanwhile
 * late, but with the times at which they were meant to begin. Counting latency from there is what
 * avoids coordinated omission: a stall of one second shows in every request that should have begun
 * during that second, not only in the one that met it.
 */
public final class OpenLoopPacer {

  private final Scheduler scheduler;

  /** Time is asked of {@code scheduler}, and waiting is done on it. */
  public OpenLoopPacer(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * The slots of a pace that began at {@code startNanos}.
   *
   * <p><b>Emission:</b> each slot at its intended time, or at once when that is over. With a rate
   * of 0 a slot is intended for the moment in which it is asked for.
   *
   * <p><b>Backpressure:</b> honoured; a slot that nobody asks for waits and keeps its time.
   *
   * <p><b>Completion:</b> with the last slot that is intended before the pace's duration is over.
   */
  public Flux<Slot> slots(Pace pace, long startNanos) {
    long lengthNanos = pace.duration().toNanos();
    return pace.saturates()
        ? asAsked(startNanos, lengthNanos)
        : onTime(pace, startNanos, lengthNanos);
  }

  private Flux<Slot> onTime(Pace pace, long startNanos, long lengthNanos) {
    return Flux.<Slot, Long>generate(
            () -> 0L,
            (index, sink) -> {
              long due = pace.dueAfter(index);
              if (due < lengthNanos) {
                sink.next(new Slot(index, startNanos + due));
              } else {
                sink.complete();
              }
              return index + 1;
            })
        .concatMap(this::whenDue, 1);
  }

  private Mono<Slot> whenDue(Slot slot) {
    long early = slot.intendedNanos() - now();
    return early <= 0
        ? Mono.just(slot)
        : Mono.delay(Duration.ofNanos(early), scheduler).thenReturn(slot);
  }

  private Flux<Slot> asAsked(long startNanos, long lengthNanos) {
    return Flux.<Slot, Long>generate(
        () -> 0L,
        (index, sink) -> {
          long now = now();
          if (now - startNanos < lengthNanos) {
            sink.next(new Slot(index, now));
          } else {
            sink.complete();
          }
          return index + 1;
        });
  }

  private long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }
}
