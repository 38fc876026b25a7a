package io.multiswarm.internal.stream;

import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of a channel, for subscribers that are a little behind: an array in which each
 * offset has its slot. A cache of the history and never more than that: a slot may be empty or hold
 * another offset, and the reader sees that and reads a page instead.
 *
 * <p>Bounded by slots, by bytes a channel, and by a budget of bytes that all windows of the process
 * share; what does not fit pushes out the oldest of its own channel, or of channels that hold more
 * than their share, or is not kept.
 *
 * <p><b>Threading.</b> Writers are serialised by the monitor: the subscriber connection's event
 * loop adds, the tick for quiet channels and the end of a stream clear. Any number of readers,
 * without the monitor: they see each slot whole or not at all, because messages are immutable.
 */
final class RecentWindow {

  private static final int SLOTS = 256;
  private static final int MAX_BYTES = 512 << 10;

  /**
   * Bytes that the windows of a process may hold together, in equal shares: a window that comes
   * when all are given takes from those that have more than their share by now.
   *
   * <p><b>Threading.</b> As {@link #add}: one thread takes; any gives.
   */
  static final class Budget {

    /** Windows that are looked at for one message; each that has too much gives all of that. */
    private static final int LOOKS = 64;

    private final long bytes;
    private final AtomicLong free;

    /** Those that hold something. */
    private final Set<RecentWindow> holders = ConcurrentHashMap.newKeySet();

    /** Where the last look at them ended; of the thread that takes. */
    private Iterator<RecentWindow> next = holders.iterator();

    Budget(long bytes) {
      this.bytes = bytes;
      this.free = new AtomicLong(bytes);
    }

    private boolean take(int wanted) {
      if (free.addAndGet(-wanted) >= 0) {
        return true;
      }
      give(wanted);
      return false;
    }

    private void give(long given) {
      free.addAndGet(given);
    }

    private long share() {
      return bytes / Math.max(1, holders.size());
    }

    /** Has others give up what they hold beyond their share, until so much is free. */
    private void collect(int wanted) {
      long share = share();
      for (int looks = 0; looks < LOOKS && free.get() < wanted; looks++) {
        if (!next.hasNext()) {
          next = holders.iterator();
        }
        if (next.hasNext()) {
          next.next().shrink(share);
        }
      }
    }

    long free() {
      return free.get();
    }
  }

  private final Budget budget;
  private final AtomicReferenceArray<@Nullable ChannelMessage> slots =
      new AtomicReferenceArray<>(SLOTS);

  /** The oldest offset that may still be in a slot. */
  private long oldest;

  private long newest;
  private int held;
  private boolean closed;

  RecentWindow(Budget budget) {
    this.budget = budget;
  }

  void add(ChannelMessage message) {
    int size = message.bytes().length;
    if (budget.free() < size && size <= budget.share()) {
      // Not under the own monitor: it takes those of others.
      budget.collect(size);
    }
    put(message, size);
  }

  private synchronized void put(ChannelMessage message, int size) {
    if (closed) {
      return;
    }
    long offset = message.position().offset();
    if (offset != newest + 1 || held == 0) {
      clear();
      oldest = offset;
    }
    while (held > 0 && (offset - oldest >= SLOTS || held + size > MAX_BYTES)) {
      evictOldest();
    }
    newest = offset;
    while (size <= MAX_BYTES && !budget.take(size)) {
      if (held == 0) {
        return;
      }
      evictOldest();
    }
    if (size <= MAX_BYTES) {
      held += size;
      slots.set(slot(offset), message);
      budget.holders.add(this);
    }
  }

  /** Gives up the oldest messages beyond so many bytes. */
  private synchronized void shrink(long bytes) {
    while (held > bytes) {
      evictOldest();
    }
  }

  /** Takes nothing more. */
  synchronized void close() {
    closed = true;
    clear();
  }

  /** Forgets everything and gives the bytes back. */
  synchronized void clear() {
    for (int i = 0; held > 0 && i < SLOTS; i++) {
      drop(i);
    }
  }

  /** The message at exactly this position; null when it is not held. */
  @Nullable ChannelMessage at(String epoch, long offset) {
    ChannelMessage message = slots.get(slot(offset));
    if (message == null) {
      return null;
    }
    Position position = message.position();
    return position.offset() == offset && position.epoch().equals(epoch) ? message : null;
  }

  /** The newest message; null when it is not held. */
  synchronized @Nullable ChannelMessage newest() {
    ChannelMessage message = slots.get(slot(newest));
    return message != null && message.position().offset() == newest ? message : null;
  }

  private void evictOldest() {
    drop(slot(oldest));
    oldest++;
  }

  private void drop(int slot) {
    ChannelMessage message = slots.get(slot);
    if (message != null) {
      slots.set(slot, null);
      held -= message.bytes().length;
      budget.give(message.bytes().length);
      if (held == 0) {
        budget.holders.remove(this);
      }
    }
  }

  private static int slot(long offset) {
    return (int) (offset & (SLOTS - 1));
  }
}
