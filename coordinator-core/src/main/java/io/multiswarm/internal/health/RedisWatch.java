package io.multiswarm.internal.health;

import io.multiswarm.internal.node.Periodic;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tells operators of outages of Redis: one line when it is lost, one a minute, one when it is back.
 * Whatever else goes wrong meanwhile goes wrong for that reason, and is not told.
 */
public final class RedisWatch {

  private static final Logger log = LoggerFactory.getLogger(RedisWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
  private static final long UP = -1;

  private final BooleanSupplier isUp;
  private final Scheduler scheduler;
  private final AtomicLong outages = new AtomicLong();
  private Disposable looking = Disposables.disposed();
  private long lostAt = UP;
  private long toldAt;

  /**
   * @param isUp whether all connections are up
   */
  public RedisWatch(BooleanSupplier isUp, Scheduler scheduler) {
    this.isUp = isUp;
    this.scheduler = scheduler;
  }

  /** Begins; Redis is there. */
  public void start() {
    looking = Periodic.every(BETWEEN_LOOKS, scheduler).start(() -> Mono.fromRunnable(this::look));
  }

  public void stop() {
    looking.dispose();
  }

  /** How often Redis was lost since the start. */
  public long outages() {
    return outages.get();
  }

  /** One after the other: a look is not begun before the last has ended. */
  private void look() {
    long now = scheduler.now(TimeUnit.MILLISECONDS);
    if (isUp.getAsBoolean()) {
      if (lostAt != UP) {
        log.info("Redis is connected again after {} s", seconds(now - lostAt));
      }
      lostAt = UP;
    } else if (lostAt == UP) {
      outages.incrementAndGet();
      lostAt = now;
      toldAt = now;
      log.warn("Redis is lost; calls are UNAVAILABLE until it is back, and leases may run out");
    } else if (now - toldAt >= BETWEEN_LINES.toMillis()) {
      toldAt = now;
      log.warn("Redis has been away for {} s", seconds(now - lostAt));
    }
  }

  private static long seconds(long millis) {
    return TimeUnit.MILLISECONDS.toSeconds(millis + 500);
  }
}
