package io.multiswarm.server.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sits next to the socket: knows when bytes last came and whether bytes leave, tells when the
 * channel's writability changed, and closes so that the peer can read our last words.
 *
 * <p><b>Closing.</b> A socket that is closed while unread bytes lie in it answers them with a
 * reset, which can destroy the close frame on its way: a client that still sends would see a broken
 * connection and not the code. So only the sending half is closed at first; what comes is dropped
 * until the peer has closed its half, or {@link #LINGER} is over.
 *
 * <p><b>Threading.</b> The channel's event loop.
 */
// Futures of writes and closes are ignored: a write that fails closes the channel, which is what
// everything here waits for anyway. Timers end with the channel or check what they find.
@SuppressWarnings("FutureReturnValueIgnored")
final class SocketMonitor extends ChannelDuplexHandler {

  static final Duration LINGER = Duration.ofSeconds(2);

  private final Runnable onWritable;
  private long lastReadNanos;
  private boolean lingering;
  private boolean aborted;
  private @Nullable Object stuckOn;
  private long stuckProgress;
  private long stuckSinceNanos;

  SocketMonitor(long nowNanos, Runnable onWritable) {
    this.lastReadNanos = nowNanos;
    this.onWritable = onWritable;
  }

  /** Nanoseconds of the event loop's ticker. */
  static long now(Channel channel) {
    return channel.eventLoop().ticker().nanoTime();
  }

  /** When bytes came last, on {@link #now}'s clock. */
  long lastReadNanos() {
    return lastReadNanos;
  }

  /** How long the socket has accepted nothing although bytes wait; to be asked regularly. */
  Duration stuckFor(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    Object first = buffer == null ? null : buffer.current();
    long progress = buffer == null ? 0 : buffer.currentProgress();
    long now = now(channel);
    if (first == null || first != stuckOn || progress != stuckProgress) {
      stuckOn = first;
      stuckProgress = progress;
      stuckSinceNanos = now;
    }
    return Duration.ofNanos(now - stuckSinceNanos);
  }

  /** Closes at once: no linger, no last words. */
  void abort(Channel channel) {
    aborted = true;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    lastReadNanos = now(ctx.channel());
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      onWritable.run();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (aborted || !ctx.channel().isActive() || !(ctx.channel() instanceof DuplexChannel duplex)) {
      ctx.close(promise);
    } else if (!lingering) {
      linger(ctx, duplex, promise);
    } else {
      duplex.closeFuture().addListener(closed -> promise.trySuccess());
    }
  }

  private void linger(ChannelHandlerContext ctx, DuplexChannel channel, ChannelPromise promise) {
    lingering = true;
    channel.shutdownOutput();
    channel.config().setAutoRead(true);
    channel.closeFuture().addListener(closed -> promise.trySuccess());
    ctx.executor().schedule(() -> ctx.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }
}
