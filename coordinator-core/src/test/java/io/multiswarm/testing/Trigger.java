package io.multiswarm.testing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which request a proxy is to do something at: set by the test, taken by the first connection that
 * sees the request.
 */
final class Trigger {

  private final AtomicReference<@Nullable String> armed = new AtomicReference<>();
  private final AtomicLong struck = new AtomicLong();

  void arm(String text) {
    armed.set(text);
  }

  /** Whether these requests contain the text, and no others were asked first. */
  boolean strikes(String requests) {
    String text = armed.get();
    boolean strikes = text != null && requests.contains(text) && armed.compareAndSet(text, null);
    if (strikes) {
      struck.incrementAndGet();
    }
    return strikes;
  }

  long count() {
    return struck.get();
  }
}
