package io.multiswarm.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.VirtualTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;

class MonotonicSchedulerTest {

  @Test
  void now_whenTheWallClockIsSetBack_goesOn() {
    AtomicLong nanos = new AtomicLong(5);
    try (VirtualTime wall = new VirtualTime()) {
      wall.advance(java.time.Duration.ofHours(1));
      Scheduler scheduler = new MonotonicScheduler(wall.scheduler(), nanos::get);
      assertThat(scheduler.now(TimeUnit.HOURS)).as("begins at the wall clock").isEqualTo(1);

      long before = scheduler.now(TimeUnit.MILLISECONDS);
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
      assertThat(scheduler.now(TimeUnit.MILLISECONDS) - before).isEqualTo(2_000);

      wall.advance(java.time.Duration.ofHours(7));
      assertThat(scheduler.now(TimeUnit.MILLISECONDS) - before)
          .as("the wall clock alone was set")
          .isEqualTo(2_000);
    }
  }
}
