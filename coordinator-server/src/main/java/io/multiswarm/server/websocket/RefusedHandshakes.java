package io.multiswarm.server.websocket;

import io.multiswarm.server.logging.Escapes;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the connections that did not become a session's, and tells of pages from elsewhere. */
final class RefusedHandshakes {

  private static final Logger log = LoggerFactory.getLogger(RefusedHandshakes.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final int LONGEST = 200;

  private final Map<Integer, LongAdder> byStatus;
  private final AtomicLong untold = new AtomicLong();
  private final AtomicLong nextLine = new AtomicLong(Ticker.systemTicker().nanoTime());

  RefusedHandshakes(List<Integer> statuses) {
    this.byStatus =
        statuses.stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), status -> new LongAdder()));
  }

  void count(int status) {
    LongAdder counter = byStatus.get(status);
    if (counter != null) {
      counter.increment();
    }
  }

  long of(int status) {
    LongAdder counter = byStatus.get(status);
    return counter == null ? 0 : counter.sum();
  }

  /** A line, at most every ten seconds: whoever writes a page decides how many would come. */
  void ofOrigin(List<String> origins, @Nullable Object from) {
    long now = Ticker.systemTicker().nanoTime();
    long due = nextLine.get();
    if (now - due < 0 || !nextLine.compareAndSet(due, now + BETWEEN_LINES.toNanos())) {
      untold.incrementAndGet();
      return;
    }
    String told = String.join(", ", origins);
    long others = untold.getAndSet(0);
    log.warn(
        "Refused a page of the origin {} (from {}), which is not in ALLOWED_ORIGINS{}",
        Escapes.escape(told.substring(0, Math.min(LONGEST, told.length()))),
        from,
        others == 0 ? "" : "; " + others + " more before");
  }
}
