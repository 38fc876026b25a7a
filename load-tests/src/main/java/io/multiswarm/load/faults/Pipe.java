package io.multiswarm.load.faults;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What comes here goes there, as far as it may pass, and a text in it is counted. Everything
 * happens on the one thread of both channels.
 */
// Futures of writes and closes are ignored: a connection that fails is closed, and its end closes
// the other side.
@SuppressWarnings("FutureReturnValueIgnored")
final class Pipe extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<Boolean> HALF_OPEN = AttributeKey.valueOf("half-open");
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int PIECES = 16;

  private final Channel other;
  private final boolean replies;
  private final Supplier<Passage> passage;
  private final Count count;
  private TextCounter counter = new TextCounter("\n");

  /** Their timers may fire in another order; the first of them goes whichever fires. */
  private final Queue<ByteBuf> late = new ArrayDeque<>();

  private long lastDue;

  /** Of a text, how often it has passed. */
  record Count(AtomicLong number, Supplier<String> wanted) {}

  /**
   * @param replies whether what comes is Redis's
   */
  Pipe(Channel other, boolean replies, Supplier<Passage> passage, Count count) {
    this.other = other;
    this.replies = replies;
    this.passage = passage;
    this.count = count;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    Passage now = passage.get();
    if (now == Passage.NOTHING || isHalfOpen(context.channel())) {
      halfOpen(context.channel());
      bytes.release();
    } else if (now == Passage.NO_REPLIES && replies) {
      bytes.release();
      reset(other);
    } else {
      countIn(bytes);
      forward(context, now, bytes);
    }
  }

  private static boolean isHalfOpen(Channel channel) {
    return channel.attr(HALF_OPEN).get() != null;
  }

  private void halfOpen(Channel channel) {
    channel.attr(HALF_OPEN).set(true);
    other.attr(HALF_OPEN).set(true);
  }

  private void countIn(ByteBuf bytes) {
    String text = count.wanted().get();
    if (!counter.counts(text)) {
      counter = new TextCounter(text);
    }
    count.number().addAndGet(counter.look(bytes));
  }

  /** What is late keeps what comes after it from overtaking. */
  private void forward(ChannelHandlerContext context, Passage now, ByteBuf bytes) {
    if (now == Passage.LATE || !late.isEmpty()) {
      long due = System.nanoTime() + (now == Passage.LATE ? LATE_NANOS : 0);
      lastDue = late.isEmpty() ? due : Math.max(lastDue, due);
      late.add(bytes);
      context
          .executor()
          .schedule(
              () -> other.writeAndFlush(late.remove()),
              lastDue - System.nanoTime(),
              TimeUnit.NANOSECONDS);
    } else if (now == Passage.SLICED) {
      int piece = Math.max(1, bytes.readableBytes() / PIECES);
      while (bytes.isReadable()) {
        other.writeAndFlush(bytes.readRetainedSlice(Math.min(piece, bytes.readableBytes())));
      }
      bytes.release();
    } else {
      other.writeAndFlush(bytes);
    }
  }

  /** The other end is told that the connection is no more, not that it has ended. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    other.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
