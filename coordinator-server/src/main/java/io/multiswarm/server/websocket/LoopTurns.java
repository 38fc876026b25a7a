package io.multiswarm.server.websocket;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Shares the time of an event loop out among its connections. Whoever has used {@link #SLICE} of it
 * for his messages waits, and between two of those who wait the loop looks at everybody else. So a
 * connection that sends without end costs the others a slice, or one message, and not all that lies
 * in its socket.
 *
 * <p><b>Fairness.</b> In turn, a slice a time; what a large message took beyond it is paid for by
 * turns that are left out. An {@link #EIGHTH} of the loop's time is everybody's without waiting.
 *
 * <p><b>Threading.</b> The event loop.
 */
final class LoopTurns {

  static final long SLICE = TimeUnit.MILLISECONDS.toNanos(1);
  static final int EIGHTH = 8;

  private final EventLoop loop;
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private boolean looking;

  LoopTurns(EventLoop loop) {
    this.loop = loop;
  }

  /** What one connection uses of the loop's time. */
  final class Turn {

    private final Runnable next;
    private long used;
    private long usedAt = now();
    private long begunAt;

    private Turn(Runnable next) {
      this.next = next;
    }

    void begins() {
      begunAt = now();
    }

    /** Counts what was used since it began; if that was too much, {@code next} is called later. */
    boolean isOver() {
      long now = now();
      used = Math.max(0, used - (begunAt - usedAt) / EIGHTH) + now - begunAt;
      usedAt = now;
      begunAt = now;
      if (used < SLICE) {
        return false;
      }
      waiting.add(this);
      look();
      return true;
    }

    void leave() {
      waiting.remove(this);
    }
  }

  /**
   * @param next called when a turn that was over may go on
   */
  Turn turn(Runnable next) {
    return new Turn(next);
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  /** Scheduled and not executed: the loop looks at its sockets first. */
  // The future is of no interest: it ends with the loop.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void look() {
    if (!looking) {
      looking = true;
      loop.schedule(this::next, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void next() {
    looking = false;
    Turn turn = waiting.poll();
    if (turn == null) {
      return;
    }
    turn.used -= SLICE;
    boolean mayGoOn = turn.used < SLICE;
    if (!mayGoOn) {
      waiting.add(turn);
    }
    // Before anything runs that may fail: those who wait have nobody else to wake them.
    if (!waiting.isEmpty()) {
      look();
    }
    if (mayGoOn) {
      turn.next.run();
    }
  }
}
