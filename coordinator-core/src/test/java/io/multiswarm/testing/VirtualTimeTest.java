package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

class VirtualTimeTest {

  @Test
  void interval_ofHours_runsAsTheClockIsTurned() {
    List<Long> ticks = new ArrayList<>();
    try (VirtualTime time = new VirtualTime()) {
      Disposable running =
          Flux.interval(Duration.ofHours(1), time.scheduler()).subscribe(ticks::add);
      time.advance(Duration.ofMinutes(59));
      assertThat(ticks).isEmpty();
      time.advance(Duration.ofMinutes(1));
      assertThat(ticks).containsExactly(0L);
      time.advance(Duration.ofHours(3));
      assertThat(ticks).containsExactly(0L, 1L, 2L, 3L);
      assertThat(time.elapsed()).isEqualTo(Duration.ofHours(4));
      running.dispose();
    }
  }
}
