package io.multiswarm.server.websocket;

import io.multiswarm.server.session.CloseCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Watches over a connection: whether its session is opened, whether it answers pings, whether it
 * takes what it is sent and finishes what it sends.
 *
 * <p><b>Threading.</b> The channel's event loop, whose timers it uses.
 */
// Futures of writes and closes are ignored: a write that fails closes the channel, which is what
// everything here waits for anyway. Timers end with the channel or check what they find.
@SuppressWarnings("FutureReturnValueIgnored")
final class Watch {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Channel channel;
  private final SocketPeer peer;
  private final SocketMonitor monitor;
  private final SocketTimings timings;
  private final List<Future<?>> timers = new ArrayList<>();

  /** When no message was under way last, or the latest was complete. */
  private long wholeAtNanos;

  Watch(Channel channel, SocketPeer peer, SocketMonitor monitor, SocketTimings timings) {
    this.channel = channel;
    this.peer = peer;
    this.monitor = monitor;
    this.timings = timings;
  }

  void start() {
    wholeAtNanos = SocketMonitor.now(channel);
    timers.add(
        channel
            .eventLoop()
            .schedule(this::requireOpen, timings.open().toMillis(), TimeUnit.MILLISECONDS));
    every(timings.pingInterval(), this::ping);
    every(BETWEEN_LOOKS, this::look);
  }

  void stop() {
    timers.forEach(timer -> timer.cancel(false));
    timers.clear();
  }

  private void every(Duration interval, Runnable action) {
    long millis = interval.toMillis();
    timers.add(
        channel.eventLoop().scheduleAtFixedRate(action, millis, millis, TimeUnit.MILLISECONDS));
  }

  private void requireOpen() {
    if (!peer.session().isOpen()) {
      peer.close(CloseCode.NO_OPEN, "no session.open within " + timings.open().toMillis() + " ms");
    }
  }

  /** A ping that would wait behind other bytes asks nothing that those do not. */
  private void ping() {
    if (!channel.isWritable()) {
      return;
    }
    long asked = SocketMonitor.now(channel);
    channel.writeAndFlush(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
    channel
        .eventLoop()
        .schedule(() -> requireSign(asked), timings.pong().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void requireSign(long sinceNanos) {
    boolean silent = monitor.lastReadNanos() - sinceNanos < 0;
    // Unread on our own account, or stuck: the latter has a rule of its own.
    boolean excused = !peer.isReading() || !monitor.stuckFor(channel).isZero();
    if (silent && !excused) {
      peer.close(CloseCode.NO_PONG, "no sign of life for " + timings.pong().toMillis() + " ms");
    }
  }

  private void look() {
    requireProgress();
    requireWhole();
    peer.fitWindow();
  }

  /** The client has finished what it sent. */
  void whole() {
    wholeAtNanos = SocketMonitor.now(channel);
  }

  /** Time in which we did not read is not the client's. */
  private void requireWhole() {
    long now = SocketMonitor.now(channel);
    if (!peer.isAssembling()) {
      whole();
    } else if (now - wholeAtNanos >= timings.assembly().toNanos()) {
      peer.close(
          CloseCode.SLOW_CONSUMER,
          "a message was not complete within " + timings.assembly().toMillis() + " ms");
    }
  }

  private void requireProgress() {
    if (monitor.stuckFor(channel).compareTo(timings.stuck()) >= 0) {
      peer.close(
          CloseCode.SLOW_CONSUMER, "nothing was read for " + timings.stuck().toMillis() + " ms");
    }
  }
}
