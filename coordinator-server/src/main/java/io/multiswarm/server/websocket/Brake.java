package io.multiswarm.server.websocket;

import io.multiswarm.server.session.CloseCode;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Slows a client that does too much of something: more than {@link #PER_SECOND} in a second, and it
 * is not read for the rest of it; {@link #PATIENCE} such seconds in a row, and it is closed. An
 * honest client pings once in some seconds, and who was refused waits.
 *
 * <p><b>Threading.</b> The channel's event loop.
 */
final class Brake {

  static final int PER_SECOND = 100;
  static final int PATIENCE = 10;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final SocketPeer peer;
  private final Channel channel;
  private final FrameGate gate;
  private final FrameGate.Reason reason;
  private long secondBeganAt;
  private long wentOnAt;
  private int inThisSecond;
  private int exceededInARow;

  /**
   * @param reason for which the gate is closed meanwhile
   */
  Brake(Channel channel, SocketPeer peer, FrameGate gate, FrameGate.Reason reason) {
    this.peer = peer;
    this.channel = channel;
    this.gate = gate;
    this.reason = reason;
    this.secondBeganAt = SocketMonitor.now(channel);
  }

  /** Counts one. */
  // The future is of no interest: it ends with the loop.
  @SuppressWarnings("FutureReturnValueIgnored")
  void count() {
    long now = SocketMonitor.now(channel);
    if (!isExceededBy(now)) {
      return;
    }
    if (exceededInARow >= PATIENCE) {
      peer.close(CloseCode.RATE_LIMIT, "over " + PER_SECOND + " " + reason.what() + " each second");
      return;
    }
    gate.pause(reason);
    channel
        .eventLoop()
        .schedule(this::goOn, Math.max(0, secondBeganAt + SECOND - now), TimeUnit.NANOSECONDS);
  }

  private void goOn() {
    wentOnAt = SocketMonitor.now(channel);
    gate.resume(reason);
  }

  /** Once in a second at most. */
  private boolean isExceededBy(long now) {
    if (now - secondBeganAt >= SECOND) {
      // Not since the second began: a busy loop may be late.
      boolean follows = inThisSecond > PER_SECOND && now - wentOnAt < SECOND;
      exceededInARow = follows ? exceededInARow : 0;
      secondBeganAt = now;
      inThisSecond = 0;
    }
    inThisSecond++;
    if (inThisSecond != PER_SECOND + 1) {
      return false;
    }
    exceededInARow++;
    return true;
  }
}
