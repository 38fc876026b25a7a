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

/** An alarm over an hour at most, whose work notes when it was done. */
class AlarmTest {

  private static final Duration LONGEST = Duration.ofHours(1);

  private final VirtualTime time = new VirtualTime();
  private final List<Duration> runs = new ArrayList<>();

  @AfterEach
  void endTime() {
    time.close();
  }

  private Alarm alarm(Supplier<Mono<Duration>> work) {
    return new Alarm(
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
    alarm(() -> Mono.just(LONGEST));
    time.advance(Duration.ofDays(1));
    assertThat(runs).isEmpty();
  }

  @Test
  void alarm_asked_worksOnceThenAndAfterTheLongestPause() {
    Alarm alarm = alarm(() -> Mono.just(Duration.ofDays(1)));
    alarm.ringWithin(s(10));
    time.advance(s(9));
    assertThat(runs).isEmpty();
    time.advance(s(1));
    assertThat(runs).containsExactly(s(10));
    time.advance(LONGEST);
    assertThat(runs).containsExactly(s(10), s(10).plus(LONGEST));
  }

  @Test
  void alarm_askedForEarlierAndLater_ringsAtTheEarliest() {
    Alarm alarm = alarm(() -> Mono.just(LONGEST));
    alarm.ringWithin(s(10));
    alarm.ringWithin(s(3));
    alarm.ringWithin(s(20));
    time.advance(s(30));
    assertThat(runs).containsExactly(s(3));
  }

  @Test
  void work_tellingWhenItIsDueAgain_isDoneThen() {
    Alarm alarm = alarm(() -> Mono.just(s(5)));
    alarm.ringWithin(s(1));
    time.advance(s(12));
    assertThat(runs).containsExactly(s(1), s(6), s(11));
  }

  @Test
  void work_empty_isDoneAgainAfterTheLongestPause() {
    alarm(Mono::empty).ringWithin(s(1));
    time.advance(s(1).plus(LONGEST));
    assertThat(runs).containsExactly(s(1), s(1).plus(LONGEST));
  }

  @Test
  void alarm_askedWhileWorking_worksAgainAfterwardsAndNeverTwiceAtOnce() {
    List<Sinks.One<Duration>> under = new ArrayList<>();
    Alarm alarm =
        alarm(
            () -> {
              Sinks.One<Duration> end = Sinks.one();
              under.add(end);
              return end.asMono();
            });
    alarm.ringWithin(s(1));
    time.advance(s(1));
    alarm.ringWithin(s(1));
    time.advance(s(9));
    assertThat(runs).hasSize(1);
    under.get(0).tryEmitValue(s(30)).orThrow();
    time.advance(Duration.ZERO);
    assertThat(runs).containsExactly(s(1), s(10));
  }

  @Test
  @ExpectErrorLog("the work of an alarm failed")
  void work_failing_isReportedAndDoneAgain() {
    alarm(() -> Mono.error(new IllegalStateException("defect"))).ringWithin(s(1));
    time.advance(s(1).plus(LONGEST));
    assertThat(runs).hasSize(2);
  }

  @Test
  void alarm_disposed_isSilent() {
    Alarm alarm = alarm(() -> Mono.just(s(1)));
    alarm.ringWithin(s(1));
    time.advance(s(2));
    alarm.dispose();
    alarm.ringWithin(s(1));
    time.advance(LONGEST);
    assertThat(runs).containsExactly(s(1), s(2));
  }

  @Test
  void alarm_disposedWhileWorking_doesNotRingAgain() {
    Sinks.One<Duration> end = Sinks.one();
    Alarm alarm = alarm(end::asMono);
    alarm.ringWithin(s(1));
    time.advance(s(1));
    alarm.dispose();
    end.tryEmitValue(s(1));
    time.advance(LONGEST);
    assertThat(runs).hasSize(1);
  }
}
