package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class RateLimitTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

  private RateLimit limit(int messages, int bytes) {
    RateLimit limit =
        RateLimit.of(Limits.defaults(1 << 20).withRates(new Limits.Rates(messages, bytes, time)));
    assertThat(limit).isNotNull();
    return limit;
  }

  private static @Nullable Duration wait(@Nullable CoordinationException refusal) {
    return refusal == null ? null : refusal.retryAfter();
  }

  @Test
  void messages_overTheRate_passAfterTheTimeThatIsTold() {
    RateLimit limit = limit(10, 0);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.refusal(1, 100)).isNull();
    }

    Duration told = wait(limit.refusal(1, 100));

    assertThat(told).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
    time.advanceTimeBy(told.plusMillis(1));
    assertThat(limit.refusal(1, 100)).isNull();
    assertThat(limit.refusal(1, 100)).isNotNull();
  }

  @Test
  void message_ofMoreThanASecondsWorth_passesAndIsPaidLater() {
    RateLimit limit = limit(0, 1_000);
    assertThat(limit.refusal(1, 10_000)).isNull();

    Duration told = wait(limit.refusal(1, 1));

    assertThat(told).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
    time.advanceTimeBy(told);
    assertThat(limit.refusal(1, 1)).isNull();
  }

  @Test
  void batch_ofMoreThanASecondsWorth_passesWhenNothingWasSentBefore() {
    RateLimit limit = limit(10, 0);

    assertThat(limit.refusal(100, 0)).isNull();
    assertThat(limit.refusal(1, 0)).isNotNull();
  }

  @Test
  void refusals_afterTenSecondsWorth_areForgivenNoMore() {
    RateLimit limit = limit(50, 0);
    for (int i = 0; i < 500; i++) {
      assertThat(limit.forgives(1)).isTrue();
    }
    assertThat(limit.forgives(1)).isFalse();

    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(limit.forgives(50)).isTrue();
  }

  @Test
  void limit_thatIsNone_isNoObject() {
    assertThat(RateLimit.of(Limits.defaults(1 << 20))).isNull();
  }
}
