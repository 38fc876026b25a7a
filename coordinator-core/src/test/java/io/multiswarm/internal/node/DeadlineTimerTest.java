package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.ExpectErrorLog;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A timer over an hour at most, whose work notes when it was done. */
class DeadlineTimerTest {

  private static final Duration LONGEST = Duration.ofHours(1);

  private final VirtualTime time = new VirtualTime();
  private final List<Duration> runs = new ArrayList<>();

  @AfterEach
  void endTime() {
    time.close();
  }

  private DeadlineTimer timer(Supplier<Mono<Duration>> work) {
    return new DeadlineTimer(
        time.scheduler(),
        LONGEST,
        () -> {
          runs.add(time.elapsed());
          return work.get();
        });
  }

  private static Duration s(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void alarm_neverAsked_doesNothing() {
    timer(() -> Mono.just(LONGEST));
    time.advance(Duration.ofDays(1));
    assertThat(runs).isEmpty();
  }

  @Test
  void alarm_asked_worksOnceThenAndAfterTheLongestPause() {
    DeadlineTimer timer = timer(() -> Mono.just(Duration.ofDays(1)));
    timer.wakeWithin(s(10));
    time.advance(s(9));
    assertThat(runs).isEmpty();
    time.advance(s(1));
    assertThat(runs).containsExactly(s(10));
    time.advance(LONGEST);
    assertThat(runs).containsExactly(s(10), s(10).plus(LONGEST));
  }

  @Test
  void alarm_askedForEarlierAndLater_ringsAtTheEarliest() {
    DeadlineTimer timer = timer(() -> Mono.just(LONGEST));
    timer.wakeWithin(s(10));
    timer.wakeWithin(s(3));
    timer.wakeWithin(s(20));
    time.advance(s(30));
    assertThat(runs).containsExactly(s(3));
  }

  @Test
  void work_tellingWhenItIsDueAgain_isDoneThen() {
    DeadlineTimer timer = timer(() -> Mono.just(s(5)));
    timer.wakeWithin(s(1));
    time.advance(s(12));
    assertThat(runs).containsExactly(s(1), s(6), s(11));
  }

  @Test
  void work_empty_isDoneAgainAfterTheLongestPause() {
    timer(Mono::empty).wakeWithin(s(1));
    time.advance(s(1).plus(LONGEST));
    assertThat(runs).containsExactly(s(1), s(1).plus(LONGEST));
  }

  @Test
  void alarm_askedWhileWorking_worksAgainAfterwardsAndNeverTwiceAtOnce() {
    List<Sinks.One<Duration>> under = new ArrayList<>();
    DeadlineTimer timer =
        timer(
            () -> {
              Sinks.One<Duration> end = Sinks.one();
              under.add(end);
              return end.asMono();
            });
    timer.wakeWithin(s(1));
    time.advance(s(1));
    timer.wakeWithin(s(1));
    time.advance(s(9));
    assertThat(runs).hasSize(1);
    under.get(0).tryEmitValue(s(30)).orThrow();
    time.advance(Duration.ZERO);
    assertThat(runs).containsExactly(s(1), s(10));
  }

  @Test
  @ExpectErrorLog("the work of a timer failed")
  void work_failing_isReportedAndDoneAgain() {
    timer(() -> Mono.error(new IllegalStateException("defect"))).wakeWithin(s(1));
    time.advance(s(1).plus(LONGEST));
    assertThat(runs).hasSize(2);
  }

  @Test
  void alarm_disposed_isSilent() {
    DeadlineTimer timer = timer(() -> Mono.just(s(1)));
    timer.wakeWithin(s(1));
    time.advance(s(2));
    timer.dispose();
    timer.wakeWithin(s(1));
    time.advance(LONGEST);
    assertThat(runs).containsExactly(s(1), s(2));
  }

  @Test
  void alarm_disposedWhileWorking_doesNotRingAgain() {
    Sinks.One<Duration> end = Sinks.one();
    DeadlineTimer timer = timer(end::asMono);
    timer.wakeWithin(s(1));
    time.advance(s(1));
    timer.dispose();
    end.tryEmitValue(s(1));
    time.advance(LONGEST);
    assertThat(runs).hasSize(1);
  }
}
