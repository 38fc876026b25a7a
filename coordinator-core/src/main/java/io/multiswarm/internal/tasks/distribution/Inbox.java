package io.multiswarm.internal.tasks.distribution;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What signals tell a leader, until its next round: changes to its view, in order. At most {@link
 * #MOST} wait, about as many as the queue of tasks is long; one more is dropped, and then the view
 * must be read anew, which forgets the others too. So memory is bounded by it, however long a round
 * takes.
 */
final class Inbox {

  static final int MOST = 100_000;

  private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean stale = true;

  void add(Runnable change) {
    if (size.incrementAndGet() > MOST) {
      size.decrementAndGet();
      stale = true;
    } else {
      changes.add(change);
    }
  }

  /** The view must be read anew. */
  void spoil() {
    stale = true;
  }

  boolean isStale() {
    return stale;
  }

  /** Whether the view must be read anew; says so once, and forgets what came before. */
  boolean takeStale() {
    if (!stale) {
      return false;
    }
    stale = false;
    while (changes.poll() != null) {
      size.decrementAndGet();
    }
    return true;
  }

  /**
   * Applies what has come, at most {@code most} changes, by the calling thread alone.
   *
   * @return whether that was all
   */
  boolean drain(int most) {
    for (int i = 0; i < most; i++) {
      Runnable next = changes.poll();
      if (next == null) {
        return true;
      }
      size.decrementAndGet();
      next.run();
    }
    return changes.isEmpty();
  }
}
