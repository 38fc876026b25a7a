package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

class PeriodicTest {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void job_whenTenRunsFail_goesOnInTime() {
    List<Duration> times = new ArrayList<>();
    try (VirtualTime time = new VirtualTime()) {
      beat(
          time,
          () -> {
            times.add(time.elapsed());
            return times.size() <= 10 ? failing() : Mono.empty();
          });
      time.advance(Duration.ofSeconds(20));
    }

    assertThat(times)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(0, 20).mapToObj(Duration::ofSeconds).toList());
  }

  @Test
  void job_whenARunThrows_goesOn() {
    try (VirtualTime time = new VirtualTime()) {
      beat(
          time,
          () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("expected");
          });
      time.advance(Duration.ofSeconds(5));

      assertThat(runs).hasValue(6);
    }
  }

  @Test
  void job_whenARunHangs_givesItUpAndDropsTheTicksMeanwhile() {
    try (VirtualTime time = new VirtualTime()) {
      beat(time, () -> runs.incrementAndGet() == 1 ? Mono.never() : Mono.empty());
      time.advance(Duration.ofMillis(2_900));
      assertThat(runs).hasValue(1);
      time.advance(Duration.ofMillis(7_100));

      assertThat(runs.get()).isBetween(7, 9);
    }
  }

  @Test
  void job_whenDisposed_ends() {
    try (VirtualTime time = new VirtualTime()) {
      Disposable beating = beat(time, () -> Mono.fromRunnable(runs::incrementAndGet));
      time.advance(Duration.ofSeconds(3));
      beating.dispose();
      time.advance(Duration.ofSeconds(3));

      assertThat(runs).hasValue(4);
    }
  }

  @Test
  void run_thatDoesNotEnd_isGivenUpInWords() {
    try (VirtualTime time = new VirtualTime()) {
      List<Throwable> failures = new ArrayList<>();
      Disposable beating =
          Periodic.every(INTERVAL, time.scheduler())
              .givenUpAfter(Duration.ofSeconds(3))
              .onFailure(failures::add)
              .start(Mono::never);
      time.advance(INTERVAL.plusSeconds(3));
      beating.dispose();

      assertThat(failures)
          .singleElement()
          .satisfies(
              failure -> assertThat(failure).hasMessage("it took more than 3000 ms; given up"));
    }
  }

  /** What nobody is told any more is no line in the log, which would fail this test. */
  @Test
  void run_thatFailsWhenItWasCancelled_troublesNobody() {
    try (VirtualTime time = new VirtualTime()) {
      AtomicReference<Subscriber<? super Void>> run = new AtomicReference<>();
      Publisher<Void> deafToCancellation =
          subscriber -> {
            subscriber.onSubscribe(Operators.emptySubscription());
            run.set(subscriber);
          };
      Disposable beating = beat(time, () -> Mono.fromDirect(deafToCancellation));
      time.advance(INTERVAL);
      beating.dispose();

      assertThat(run.get()).isNotNull();
      run.get().onError(new IllegalStateException("expected"));
    }
  }

  private static Disposable beat(VirtualTime time, java.util.function.Supplier<Mono<Void>> job) {
    return Periodic.every(INTERVAL, time.scheduler())
        .givenUpAfter(Duration.ofSeconds(3))
        .start(job);
  }

  private static Mono<Void> failing() {
    return Mono.error(new IllegalStateException("expected"));
  }
}
