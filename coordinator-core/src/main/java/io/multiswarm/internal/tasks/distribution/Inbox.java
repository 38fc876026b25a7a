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

  /** Applies what has come; changes are made by the calling thread alone. */
  void drain() {
    for (Runnable next = changes.poll(); next != null; next = changes.poll()) {
      size.decrementAndGet();
      next.run();
    }
  }
}
