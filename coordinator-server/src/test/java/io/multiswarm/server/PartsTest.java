package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class PartsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Parts parts = new Parts(time);
  private final List<String> stopped = new ArrayList<>();

  private void add(String name) {
    parts.add(name, PATIENCE, () -> Mono.fromRunnable(() -> stopped.add(name)));
  }

  @Test
  void parts_stopped_stopInTheOppositeOrderOnce() {
    add("first");
    add("second");

    parts.stop().then(parts.stop()).as(StepVerifier::create).verifyComplete();

    assertThat(stopped).containsExactly("second", "first");
  }

  @Test
  void part_thatFailsToStop_doesNotKeepTheOthers() {
    add("first");
    parts.add("failing", PATIENCE, () -> Mono.error(new IllegalStateException("no")));
    parts.add(
        "throwing",
        PATIENCE,
        () -> {
          throw new IllegalStateException("no");
        });

    parts.stop().as(StepVerifier::create).verifyComplete();

    assertThat(stopped).containsExactly("first");
  }

  @Test
  void part_thatDoesNotStop_isGivenUpAfterItsPatience() {
    add("first");
    parts.add("endless", PATIENCE, Mono::never);

    StepVerifier.create(parts.stop())
        .then(() -> time.advanceTimeBy(PATIENCE.minusMillis(1)))
        .then(() -> assertThat(stopped).isEmpty())
        .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
        .verifyComplete();

    assertThat(stopped).containsExactly("first");
  }

  @Test
  void part_addedAfterTheStop_isRefused() {
    parts.stop().as(StepVerifier::create).verifyComplete();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> add("late"));
  }

  @Test
  void parts_thatAllTakeTheirPatience_stopWithinWhatIsPromised() {
    assertThat(
            Startup.SERVER_PATIENCE
                .plus(Startup.LIBRARY_PATIENCE)
                .plus(Startup.TRACES_PATIENCE)
                .plus(Startup.REDIS_PATIENCE))
        .isLessThanOrEqualTo(Startup.STOP_PATIENCE);
  }
}
