package io.multiswarm.server.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection holds of its node's {@link NodeBuffers}.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class Share {

  private final NodeBuffers node;
  private final Peer peer;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong unread = new AtomicLong();
  private final AtomicBoolean cutOff = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();

  Share(NodeBuffers node, Peer peer) {
    this.node = node;
    this.peer = peer;
  }

  /** Takes bytes, unless the node has no room and this connection more than an equal share. */
  public boolean take(long bytes) {
    if (!node.take(held.get(), bytes)) {
      return false;
    }
    holdsMore(bytes);
    return true;
  }

  /** Adds bytes that nobody can refuse any more, such as an answer. */
  public void add(long bytes) {
    holdsMore(bytes);
    node.add(bytes);
  }

  private void holdsMore(long bytes) {
    if (held.getAndAdd(bytes) == 0) {
      node.holds(this, true);
    }
  }

  /** Gives back what was taken or added. */
  public void give(long bytes) {
    node.give(bytes);
    if (bytes > 0 && held.addAndGet(-bytes) == 0) {
      node.holds(this, false);
      if (held.get() != 0) {
        // Somebody took more in between, and may have been put out by us.
        node.holds(this, true);
      }
    }
  }

  /** Adds an answer, until the socket takes it. */
  public void answers(long bytes) {
    unread.addAndGet(bytes);
    add(bytes);
  }

  /** The socket took an answer, or nobody wants it any more. */
  public void answered(long bytes) {
    unread.addAndGet(-bytes);
    give(bytes);
  }

  /** Bytes of answers that the socket did not take yet. */
  public long unread() {
    return unread.get();
  }

  /** Bytes that this connection holds. */
  public long held() {
    return held.get();
  }

  /** Whether it holds so much that it should be given no more work that makes answers. */
  public boolean isOverdrawn() {
    return node.held() > node.limit() && held.get() > node.equalShare();
  }

  /** See {@link NodeBuffers#window}. */
  public int window() {
    return node.window();
  }

  boolean isCutOff() {
    return cutOff.get();
  }

  boolean cutOff() {
    boolean first = cutOff.compareAndSet(false, true);
    if (first) {
      peer.cutOff(
          CloseCode.SLOW_CONSUMER,
          held.get() + " bytes wait for this connection, and the node is at NODE_BUFFER_BYTES");
    }
    return first;
  }

  /** The connection is there no more; what is still worked on is given back as it ends. */
  public void end() {
    if (ended.compareAndSet(false, true)) {
      node.ended();
    }
  }
}
