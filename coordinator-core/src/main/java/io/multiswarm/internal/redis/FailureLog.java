package io.multiswarm.internal.redis;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Tells the log why Redis refuses something: a line for each reason, and once a minute at most how
 * often it came again.
 */
final class FailureLog {

  static final Duration PAUSE = Duration.ofMinutes(1);

  /** Reasons that are told apart; what comes on top is told as one. */
  private static final int MOST = 100;

  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

  private final Map<String, Reason> reasons = new ConcurrentHashMap<>();
  private final Scheduler scheduler;
  private final Consumer<String> line;

  private static final class Reason {
    private final AtomicLong again = new AtomicLong();
    private final AtomicLong toldAt;

    private Reason(long now) {
      this.toldAt = new AtomicLong(now);
    }
  }

  FailureLog(Scheduler scheduler) {
    this(scheduler, log::warn);
  }

  FailureLog(Scheduler scheduler, Consumer<String> line) {
    this.scheduler = scheduler;
    this.line = line;
  }

  /**
   * @param text what failed and why, with what to do
   */
  void met(String text) {
    long now = scheduler.now(TimeUnit.MILLISECONDS);
    String key = kind(text);
    Reason known = reasons.get(key);
    if (known == null) {
      Reason first = new Reason(now);
      known = reasons.putIfAbsent(reasons.size() < MOST ? key : "others", first);
      if (known == null) {
        line.accept(text);
        return;
      }
    }
    known.again.incrementAndGet();
    long before = known.toldAt.get();
    if (now - before >= PAUSE.toMillis() && known.toldAt.compareAndSet(before, now)) {
      line.accept(text + " (" + known.again.getAndSet(0) + " times since this was told last)");
    }
  }

  /** What is the same but for the script, the line and the numbers is the same. */
  private static String kind(String text) {
    return text.replaceAll("[0-9a-f]{40}|\\d+", "#");
  }
}
