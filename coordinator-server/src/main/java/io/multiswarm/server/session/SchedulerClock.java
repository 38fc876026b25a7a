package io.multiswarm.server.session;

import io.github.bucket4j.TimeMeter;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** The injected scheduler's time, for buckets. */
public record SchedulerClock(Scheduler scheduler) implements TimeMeter {

  @Override
  public long currentTimeNanos() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isWallClockBased() {
    return true;
  }
}
