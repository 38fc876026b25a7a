package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a session has under way. One request more than the limit is refused, and reading goes on;
 * notifications cannot be refused, so too many of them stop the reading instead.
 *
 * <p><b>Threading.</b> Begins on the connection's thread, ends on any.
 */
final class InFlight {

  static final int MAX_NOTIFICATIONS = 256;

  private final int maxRequests;
  private final Peer peer;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger notifications = new AtomicInteger();

  InFlight(int maxRequests, Peer peer) {
    this.maxRequests = maxRequests;
    this.peer = peer;
  }

  /** Whether one more may begin; if so, {@link #requestEnded} must follow. */
  boolean requestBegins() {
    if (requests.incrementAndGet() <= maxRequests) {
      return true;
    }
    requests.decrementAndGet();
    return false;
  }

  void requestEnded() {
    requests.decrementAndGet();
  }

  void notificationBegins() {
    if (notifications.incrementAndGet() == MAX_NOTIFICATIONS) {
      peer.pauseReading();
    }
  }

  void notificationEnded() {
    if (notifications.getAndDecrement() == MAX_NOTIFICATIONS) {
      peer.resumeReading();
    }
  }

  CoordinationException refusal() {
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "%d requests of this session are without an answer; wait for one before the next",
        maxRequests);
  }
}
