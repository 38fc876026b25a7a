package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages that no history has, on their way to one subscriber. They come at most once: what finds
 * too many or too large ones before it, or a process that holds enough of them, is dropped.
 *
 * <p><b>Threading.</b> Any.
 */
final class UnstoredQueue {

  private static final int MOST = 64;
  private static final int MOST_BYTES = 256 << 10;

  /** Bytes that all queues of a process may hold together. */
  static final class Budget {
    private static final long BYTES = 16L << 20;

    private final AtomicLong free = new AtomicLong(BYTES);

    private boolean take(int bytes) {
      if (free.addAndGet(-bytes) >= 0) {
        return true;
      }
      give(bytes);
      return false;
    }

    private void give(long bytes) {
      free.addAndGet(bytes);
    }
  }

  private final Budget budget;
  private final Queue<ChannelMessage> messages = new ArrayDeque<>();
  private long held;
  private boolean closed;

  UnstoredQueue(Budget budget) {
    this.budget = budget;
  }

  /** Whether it was taken; one that is large by itself is, by an empty queue. */
  synchronized boolean offer(ChannelMessage message) {
    int size = message.bytes().length;
    boolean fits = messages.isEmpty() || messages.size() < MOST && held + size <= MOST_BYTES;
    if (closed || !fits || !budget.take(size)) {
      return false;
    }
    held += size;
    messages.add(message);
    return true;
  }

  synchronized @Nullable ChannelMessage poll() {
    ChannelMessage first = messages.poll();
    if (first != null) {
      held -= first.bytes().length;
      budget.give(first.bytes().length);
    }
    return first;
  }

  synchronized void clear() {
    messages.clear();
    budget.give(held);
    held = 0;
  }

  /** Takes nothing more. */
  synchronized void close() {
    closed = true;
    clear();
  }
}
