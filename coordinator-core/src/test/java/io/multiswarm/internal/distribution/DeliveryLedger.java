package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Judges what one subscription of a channel was given since its beginning: every offset once and in
 * order, or named by a gap. Remembers the first promise that was broken.
 */
final class DeliveryLedger {

  private final AtomicLong next = new AtomicLong(1);
  private final AtomicLong missing = new AtomicLong();
  private final AtomicLong lastMissing = new AtomicLong();
  private final AtomicReference<@Nullable String> broken = new AtomicReference<>();

  /** By one thread at a time. */
  void take(ChannelEvent event) {
    if (event instanceof ChannelMessage message && message.position() != null) {
      expect("message", message.position().offset(), message.position().offset());
    } else if (event instanceof Gap gap && gap.reason() == Gap.Reason.TRIMMED) {
      expect("gap", gap.from(), gap.to());
      missing.addAndGet(gap.to() - gap.from() + 1);
      lastMissing.set(gap.to());
    } else {
      broken.compareAndSet(null, "unexpected " + event);
    }
  }

  private void expect(String what, long from, long to) {
    long due = next.getAndSet(to + 1);
    if (from != due || to < from) {
      broken.compareAndSet(null, what + " " + from + "…" + to + " where " + due + " was due");
    }
  }

  /** The offset that is to come. */
  long next() {
    return next.get();
  }

  /** Messages that gaps named. */
  long missing() {
    return missing.get();
  }

  /** The newest offset that a gap named; 0 when there was none. */
  long lastMissing() {
    return lastMissing.get();
  }

  /** The first promise that was broken, in words; null when all were kept. */
  @Nullable String broken() {
    return broken.get();
  }
}
