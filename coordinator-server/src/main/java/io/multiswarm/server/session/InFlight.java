package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a session has under way, in number and in bytes of its messages. One request more than the
 * limit is refused, and reading goes on; notifications cannot be refused, so too many of them stop
 * the reading instead.
 *
 * <p><b>Threading.</b> Begins on the connection's thread, ends on any.
 */
final class InFlight {

  static final int MAX_NOTIFICATIONS = 256;
  static final long MAX_NOTIFICATION_BYTES = 4L << 20;

  /** By then a part of what fills the node has gone. */
  private static final Duration LATER = Duration.ofSeconds(1);

  private final int maxRequests;
  private final Peer peer;
  private final Share share;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger notifications = new AtomicInteger();
  private final AtomicLong notificationBytes = new AtomicLong();

  InFlight(int maxRequests, Peer peer, Share share) {
    this.maxRequests = maxRequests;
    this.peer = peer;
    this.share = share;
  }

  /**
   * Whether one more may begin; if so, {@link #requestEnded} must follow.
   *
   * @return the refusal, or null
   */
  @Nullable CoordinationException requestBegins(int bytes) {
    if (requests.incrementAndGet() > maxRequests) {
      requests.decrementAndGet();
      return CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "%d requests of this session are without an answer; wait for one before the next",
          maxRequests);
    }
    if (!share.take(bytes)) {
      requests.decrementAndGet();
      return CoordinationException.of(
              ErrorCode.RESOURCE_EXHAUSTED,
              "this node has no room for %d more bytes of this session, which holds %d; read"
                  + " answers, wait for those that are due, and send this again",
              bytes,
              share.held())
          .retryAfter(LATER);
    }
    return null;
  }

  void requestEnded(int bytes) {
    requests.decrementAndGet();
    share.give(bytes);
  }

  void notificationBegins(int bytes) {
    share.add(bytes);
    notificationBytes.addAndGet(bytes);
    notifications.incrementAndGet();
    if (isFull()) {
      peer.pauseReading();
    }
  }

  void notificationEnded(int bytes) {
    boolean wasFull = isFull();
    share.give(bytes);
    notificationBytes.addAndGet(-bytes);
    notifications.decrementAndGet();
    if (wasFull) {
      // On the connection's thread, where they begin: a resumption that was on its way when the
      // next
      // one stopped the reading again would else undo that.
      peer.execute(this::resumeUnlessFull);
    }
  }

  private void resumeUnlessFull() {
    if (!isFull()) {
      peer.resumeReading();
    }
  }

  private boolean isFull() {
    return notifications.get() >= MAX_NOTIFICATIONS
        || notificationBytes.get() >= MAX_NOTIFICATION_BYTES;
  }
}
