package io.multiswarm.internal.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.publisher.TestPublisher.Violation;

/** Over a real election and a modelled lease of 30 s, valid for 29.7 s. */
class DutiesTest {

  private static final CoordinationException FENCED =
      CoordinationException.of(ErrorCode.FENCED, "the test says so");

  private final VirtualTime time = new VirtualTime();
  private final LeaseModel redis = new LeaseModel(time, Duration.ofSeconds(30));
  private final AttachedSwarms holdings = new AttachedSwarms();
  private final DefaultElection election =
      new DefaultElection(
          "a",
          holdings,
          redis.of("a"),
          new ElectionTiming(
              Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10), () -> 0),
          time.scheduler());
  private final Duties<Leader> duties = new Duties<>(new LeaderOffice(election), time.scheduler());
  private final List<Duration> runs = new ArrayList<>();

  @BeforeEach
  void startElection() {
    election.start();
  }

  @AfterEach
  void endTime() {
    duties.stop();
    time.close();
  }

  private void lead() {
    holdings.add(new AttachedSwarms.Held(new Ownership("s1", 1), 1));
  }

  private static Duration s(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private Duty.Periodic<Leader> every(Duration interval, Function<Leader, Mono<Void>> run) {
    return new Duty.Periodic<Leader>() {
      @Override
      public String name() {
        return "periodic";
      }

      @Override
      public Duration interval() {
        return interval;
      }

      @Override
      public Mono<Void> run(Leader leader) {
        runs.add(time.elapsed());
        return run.apply(leader);
      }
    };
  }

  private static Duty.Continuous<Leader> continuous(Function<Leader, Flux<?>> perform) {
    return new Duty.Continuous<Leader>() {
      @Override
      public String name() {
        return "continuous";
      }

      @Override
      public Flux<?> perform(Leader leader) {
        return perform.apply(leader);
      }
    };
  }

  @Test
  void duty_beginsWithLeadershipAndEndsBeforeItCanBeLost() {
    duties.add(every(s(5), leader -> Mono.empty()));
    time.advance(s(3));
    assertThat(runs).isEmpty();
    lead();
    redis.away = true;
    time.advance(s(100));

    assertThat(runs).containsExactly(s(3), s(8), s(13), s(18), s(23), s(28));
  }

  @Test
  void renewal_doesNotBeginTheDutyAnew() {
    duties.add(every(s(7), leader -> Mono.empty()));
    lead();
    time.advance(s(30));
    assertThat(runs).containsExactly(s(0), s(7), s(14), s(21), s(28));
  }

  @Test
  void run_getsTheLatestValidity() {
    List<Duration> valid = new ArrayList<>();
    duties.add(
        every(
            s(15),
            leader -> {
              valid.add(leader.validUntil());
              return Mono.empty();
            }));
    lead();
    time.advance(s(15));
    assertThat(valid).containsExactly(s(29.7), s(39.7));
  }

  /** Several duties are fenced at about the same time: the first one ends the term of all. */
  @Test
  void failure_ofACancelledRun_isNoError() {
    TestPublisher<Void> underWay = TestPublisher.createNoncompliant(Violation.DEFER_CANCELLATION);
    duties.add(every(s(60), leader -> underWay.mono()));
    duties.add(continuous(leader -> underWay.flux().concatMap(Mono::just)));
    lead();
    time.advance(s(1));
    underWay.assertSubscribers(2);

    redis.away = true;
    time.advance(s(100));
    // The environment of the tests fails this one if an error is dropped.
    underWay.error(FENCED);
    assertThat(duties.failures()).isEmpty();
  }

  @Test
  void tenFailingRuns_endNoDuty() {
    duties.add(every(s(1), leader -> Mono.error(new IllegalStateException("no luck"))));
    lead();
    time.advance(s(20));
    assertThat(runs).hasSize(21);
    assertThat(duties.failures()).containsEntry("periodic", 21L);
  }

  @Test
  void run_thatThrows_endsNoDuty() {
    duties.add(
        every(
            s(1),
            leader -> {
              throw new IllegalStateException("at assembly");
            }));
    lead();
    time.advance(s(3));
    assertThat(runs).hasSize(4);
  }

  @Test
  void run_thatHangs_isGivenUpAndDelaysNoOtherDuty() {
    duties.add(every(s(1), leader -> Mono.never()));
    List<Duration> others = new ArrayList<>();
    duties.add(
        every(
            s(1),
            leader -> {
              others.add(time.elapsed());
              return Mono.empty();
            }));
    lead();
    time.advance(s(12));
    assertThat(others).hasSize(13);
    assertThat(duties.failures()).containsEntry("periodic", 2L);
  }

  @Test
  void run_fenced_endsTheLeadershipAndIsNotRepeatedInIt() {
    List<Long> epochs = new ArrayList<>();
    duties.add(
        every(
            s(4),
            leader -> {
              epochs.add(leader.epoch());
              return epochs.size() == 2 ? Mono.error(FENCED) : Mono.empty();
            }));
    lead();
    time.advance(s(9));

    assertThat(epochs).hasSize(4).isSorted();
    assertThat(epochs.get(0)).isEqualTo(epochs.get(1)).isLessThan(epochs.get(2));
    assertThat(runs).containsExactly(s(0), s(4), s(4), s(8));
  }

  @Test
  void continuousDuty_failing_beginsAgainAfterAPause() {
    List<Duration> begun = new ArrayList<>();
    duties.add(
        continuous(
            leader -> {
              begun.add(time.elapsed());
              return begun.size() < 3
                  ? Flux.error(new IllegalStateException("no luck"))
                  : Flux.never();
            }));
    lead();
    time.advance(s(25));
    assertThat(begun).hasSize(3);
    assertThat(begun.get(0)).isEqualTo(s(0));
    assertThat(begun.get(1)).isBetween(s(0.05), s(0.15));
  }

  @Test
  void continuousDuty_isCancelledWithTheLeadership() {
    List<Duration> cancelled = new ArrayList<>();
    duties.add(continuous(leader -> Flux.never().doOnCancel(() -> cancelled.add(time.elapsed()))));
    lead();
    redis.away = true;
    time.advance(s(60));
    assertThat(cancelled).containsExactly(s(29.7));
  }

  @Test
  void continuousDuty_fenced_waitsForTheNextLeadership() {
    List<Long> epochs = new ArrayList<>();
    duties.add(
        continuous(
            leader -> {
              epochs.add(leader.epoch());
              return epochs.size() == 1 ? Flux.error(FENCED) : Flux.never();
            }));
    time.advance(s(1));
    lead();
    time.advance(s(25));
    assertThat(epochs).hasSize(2);
    assertThat(epochs.get(1)).isGreaterThan(epochs.get(0));
  }
}
