package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

  @Test
  void condition_thatComesToHold_endsTheWait() {
    AtomicInteger looks = new AtomicInteger();
    Await.await(Duration.ofSeconds(10), () -> looks.incrementAndGet() == 3);
    assertThat(looks).hasValue(3);
  }

  @Test
  void condition_thatNeverHolds_failsWithWhatWasSeen() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> Await.awaitValue("a seven", Duration.ofMillis(20), () -> 6, seen -> seen == 7))
        .withMessage("Waited PT0.02S for a seven; last seen: 6");
  }

  @Test
  void condition_withoutTime_isLookedAtOnce() {
    AtomicInteger looks = new AtomicInteger();
    Await.await(Duration.ZERO, () -> looks.incrementAndGet() == 1);
    assertThat(looks).hasValue(1);
  }
}
