package io.multiswarm.load.scenario;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class QuiescenceTest {

  private static final Duration SETTLE = Duration.ofSeconds(5);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final AtomicBoolean quiet = new AtomicBoolean();
  private final AtomicLong progress = new AtomicLong();

  @AfterEach
  void stopTime() {
    time.dispose();
  }

  @Test
  void reached_quietAtOnce_completesAfterListeningOn() {
    quiet.set(true);

    verifier()
        .expectNoEvent(Duration.ofMillis(300))
        .thenAwait(Duration.ofMillis(100))
        .verifyComplete();
  }

  @Test
  void reached_noProgress_givesUpAfterTheTimeToSettle() {
    verifier().expectNoEvent(SETTLE).thenAwait(Duration.ofSeconds(1)).verifyComplete();
  }

  @Test
  void reached_progressGoesOn_waitsOn() {
    verifier()
        .thenAwait(Duration.ofSeconds(4))
        .then(progress::incrementAndGet)
        .expectNoEvent(SETTLE)
        .then(() -> quiet.set(true))
        .thenAwait(Duration.ofSeconds(1))
        .verifyComplete();
  }

  private StepVerifier.Step<Void> verifier() {
    return StepVerifier.withVirtualTime(this::reached, () -> time, Long.MAX_VALUE)
        .expectSubscription();
  }

  private Mono<Void> reached() {
    return Quiescence.reached(quiet::get, progress::get, SETTLE, time);
  }
}
