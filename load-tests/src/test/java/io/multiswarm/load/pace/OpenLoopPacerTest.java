package io.multiswarm.load.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multiswarm.load.pace.Pace.Lead;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class OpenLoopPacerTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final OpenLoopPacer pacer = new OpenLoopPacer(time);

  @AfterEach
  void stopTime() {
    time.dispose();
  }

  @Test
  void slots_whenAskedInTime_comeWhenTheyAreDue() {
    StepVerifier.withVirtualTime(
            () -> slots(Pace.of(10, Duration.ofSeconds(1))), () -> time, Long.MAX_VALUE)
        .expectNext(new Slot(0, 0))
        .expectNoEvent(Duration.ofMillis(100))
        .expectNext(new Slot(1, millis(100)))
        .thenAwait(Duration.ofMillis(800))
        .expectNextCount(8)
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void slots_whenNobodyAskedForAWhile_keepTheirTimes() {
    StepVerifier.withVirtualTime(() -> slots(Pace.of(10, Duration.ofSeconds(1))), () -> time, 1)
        .expectNext(new Slot(0, 0))
        .thenAwait(Duration.ofSeconds(30))
        .thenRequest(9)
        .expectNext(new Slot(1, millis(100)), new Slot(2, millis(200)))
        .expectNextCount(7)
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void slots_sharedAmongSenders_areTheWholePaceTogether() {
    Pace pace = Pace.of(100, Duration.ofSeconds(1));

    Flux<Long> shares =
        Flux.merge(slots(pace.share(0, 3)), slots(pace.share(1, 3)), slots(pace.share(2, 3)))
            .map(Slot::intendedNanos)
            .sort();

    StepVerifier.withVirtualTime(() -> shares.collectList(), () -> time, Long.MAX_VALUE)
        .thenAwait(Duration.ofSeconds(1))
        .assertNext(all -> assertThat(all).isEqualTo(everyTenMillis(100)))
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void slots_inBursts_comeTogetherAndThenNotAtAll() {
    Pace pace = Pace.of(5, Duration.ofSeconds(2)).in(new Pace.Bursts(Duration.ofSeconds(1), 0.1));

    Flux<Long> shares =
        Flux.merge(slots(pace.share(0, 2)), slots(pace.share(1, 2)))
            .map(slot -> TimeUnit.NANOSECONDS.toMillis(slot.intendedNanos()))
            .sort();

    StepVerifier.withVirtualTime(() -> shares.collectList(), () -> time, Long.MAX_VALUE)
        .thenAwait(Duration.ofSeconds(2))
        .assertNext(
            all ->
                assertThat(all)
                    .containsExactly(0L, 20L, 40L, 60L, 80L, 1000L, 1020L, 1040L, 1060L, 1080L))
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void slots_ofAPaceWithAFasterBeginning_areDueByItsRateAndThenByTheirOwn() {
    Pace pace = Pace.of(10, Duration.ofMillis(500)).after(new Lead(50, Duration.ofMillis(200)));

    Flux<Long> shares =
        Flux.merge(slots(pace.share(0, 2)), slots(pace.share(1, 2)))
            .map(slot -> TimeUnit.NANOSECONDS.toMillis(slot.intendedNanos()))
            .sort();

    StepVerifier.withVirtualTime(() -> shares.collectList(), () -> time, Long.MAX_VALUE)
        .thenAwait(Duration.ofSeconds(1))
        .assertNext(
            all ->
                assertThat(all)
                    .containsExactly(
                        0L, 20L, 40L, 60L, 80L, 100L, 120L, 140L, 160L, 180L, 200L, 300L, 400L))
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void slots_withoutARate_areIntendedForWhenTheyAreAskedFor() {
    StepVerifier.withVirtualTime(() -> slots(Pace.of(0, Duration.ofSeconds(1))), () -> time, 2)
        .expectNext(new Slot(0, 0), new Slot(1, 0))
        .thenAwait(Duration.ofMillis(300))
        .thenRequest(1)
        .expectNext(new Slot(2, millis(300)))
        .thenAwait(Duration.ofMillis(700))
        .thenRequest(1)
        .expectComplete()
        .verify(Duration.ofSeconds(5));
  }

  @Test
  void pace_withARateBelowZero_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pace.of(-1, Duration.ofSeconds(1)))
        .withMessageContaining("0 (saturate) or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Lead(Double.NaN, Duration.ofSeconds(1)))
        .withMessageContaining("0 (saturate) or more");
  }

  @Test
  void pace_thatSaturatesAfterABeginning_isRefused() {
    Pace saturating = Pace.of(0, Duration.ofSeconds(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saturating.after(new Lead(100, Duration.ofMillis(500))))
        .withMessageContaining("not for one that saturates");
  }

  private Flux<Slot> slots(Pace pace) {
    return Flux.defer(() -> pacer.slots(pace, 0));
  }

  private static List<Long> everyTenMillis(int count) {
    return Flux.range(0, count).map(index -> millis(index * 10L)).collectList().block();
  }

  private static long millis(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }
}
