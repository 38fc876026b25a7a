package io.multiswarm.tasks;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What signals tell a leader, until its next round: changes to its view, in order. Bounded; when
 * too many wait, they are forgotten, and the view must be read anew.
 */
final class Inbox {

  private static final int MOST = 100_000;

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
