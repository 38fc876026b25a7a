package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.Notification;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notifications that others make and that nobody keeps: they wait here until the socket takes them.
 * Of those under one key only the latest waits, in the place of the first.
 *
 * <p><b>At its limit</b> the session is closed, and told why: dropping some would be silence about
 * what the client was promised to hear of.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class Mailbox implements NotificationSource {

  static final int MOST = 10_000;

  /** Memory of one that waits, about. Its text is made when it leaves. */
  private static final int BYTES_EACH = 256;

  private record Letter(Notification kind, Supplier<Json> params) {}

  private final Peer peer;
  private final Share share;
  private final Map<Object, Letter> waiting = new LinkedHashMap<>();
  private boolean closed;

  Mailbox(Peer peer, Share share) {
    this.peer = peer;
    this.share = share;
  }

  /**
   * Puts a notification in.
   *
   * @param key what it is about
   * @param params made when it is sent, on the connection's thread
   */
  void put(Object key, Notification kind, Supplier<Json> params) {
    if (isFullAfter(key, new Letter(kind, params))) {
      peer.cutOff(
          CloseCode.SLOW_CONSUMER,
          MOST + " notifications were not read, the last " + kind.method());
    } else {
      peer.wake();
    }
  }

  private synchronized boolean isFullAfter(Object key, Letter letter) {
    if (closed) {
      return false;
    }
    if (waiting.size() >= MOST && !waiting.containsKey(key)) {
      return true;
    }
    if (waiting.put(key, letter) == null) {
      share.add(BYTES_EACH);
    }
    return false;
  }

  @Override
  public byte @Nullable [] poll() {
    Letter next = take();
    return next == null ? null : Answers.notification(next.kind, next.params.get());
  }

  private synchronized @Nullable Letter take() {
    Iterator<Letter> letters = waiting.values().iterator();
    if (!letters.hasNext()) {
      return null;
    }
    Letter next = letters.next();
    letters.remove();
    share.give(BYTES_EACH);
    return next;
  }

  synchronized void close() {
    closed = true;
    share.give((long) BYTES_EACH * waiting.size());
    waiting.clear();
  }
}
