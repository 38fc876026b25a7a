package io.multiswarm.server.session;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that a node may hold for its connections, shared out among them: messages that are not
 * complete yet, requests that are worked on, answers that nobody has read.
 *
 * <p><b>Fairness.</b> While there is room everybody gets what he asks for. When there is none, who
 * has less than an equal share still gets it, and the connection that holds most gives way: it is
 * closed. Who has more than an equal share is refused. So a greedy connection meets its own bound,
 * and a quiet one does not notice.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class NodeBuffers {

  private static final Comparator<Share> BY_BYTES = Comparator.comparingLong(Share::held);

  /** A socket's window is not larger than that, however few there are. */
  private static final int LARGEST_WINDOW = 512 << 10;

  /** And not smaller, however many: below it each write would be a handful of bytes. */
  private static final int SMALLEST_WINDOW = 4 << 10;

  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong closed = new AtomicLong();
  private final Set<Share> holders = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean relieving = new AtomicBoolean();

  /**
   * @param limit in bytes
   */
  public NodeBuffers(long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a node needs room for its connections, not " + limit);
    }
    this.limit = limit;
  }

  public Share share(Peer peer) {
    connections.incrementAndGet();
    return new Share(this, peer);
  }

  void ended() {
    connections.decrementAndGet();
  }

  public long limit() {
    return limit;
  }

  /** Bytes that are held now, for all connections. */
  public long held() {
    return held.get();
  }

  /** Connections that were closed because they held most when there was no room. */
  public long closedForRoom() {
    return closed.get();
  }

  /**
   * How many bytes may lie in one socket's write buffer: they are memory outside the heap, of which
   * every connection has the same.
   */
  public int window() {
    long equal = limit / Math.max(1, connections.get());
    return (int) Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, equal));
  }

  /** Takes the bytes for a connection that holds {@code own} already, or refuses them. */
  boolean take(long own, long bytes) {
    if (held.addAndGet(bytes) <= limit) {
      return true;
    }
    if (own + bytes > equalShare()) {
      held.addAndGet(-bytes);
      return false;
    }
    relieve();
    return true;
  }

  /** Adds bytes that are there already. */
  void add(long bytes) {
    if (held.addAndGet(bytes) > limit) {
      relieve();
    }
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  void holds(Share share, boolean something) {
    if (something) {
      holders.add(share);
    } else {
      holders.remove(share);
    }
  }

  long equalShare() {
    return limit / Math.max(1, holders.size());
  }

  /** Closes the connection that holds most, if that is more than an equal share. */
  private void relieve() {
    // Who finds somebody at it leaves it to him: one connection at a time, for its bytes are free
    // only when its thread has closed it.
    if (!relieving.compareAndSet(false, true)) {
      return;
    }
    try {
      holders.stream()
          .filter(share -> !share.isCutOff())
          .max(BY_BYTES)
          .filter(greediest -> greediest.held() > equalShare())
          .ifPresent(this::cutOff);
    } finally {
      relieving.set(false);
    }
  }

  private void cutOff(Share greediest) {
    if (greediest.cutOff()) {
      closed.incrementAndGet();
    }
  }
}
