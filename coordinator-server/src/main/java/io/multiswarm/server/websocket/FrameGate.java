package io.multiswarm.server.websocket;

import io.multiswarm.server.session.Share;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the socket and Netty's decoder of frames, which collects a frame of any size in
 * memory outside the heap before it gives it on. The gate gives the decoder nothing but whole
 * frames: it cuts a frame that is still coming into fragments of what has come. So a client that
 * announces a megabyte and sends a byte costs a byte, and who puts the message together decides
 * what may be held.
 *
 * <p>Frames that break the protocol are given on as they are, for the decoder to say so.
 *
 * <p><b>Backpressure.</b> While there is a {@link Reason} to wait, no frame passes and the socket
 * is not read. What was read already waits as bytes; it is one read at most.
 *
 * <p><b>Threading.</b> The channel's event loop.
 */
final class FrameGate extends ChannelDuplexHandler {

  /** Why not to read on. */
  enum Reason {
    /** The client does not read its answers. */
    ANSWERS_PILE_UP("unread answers"),
    /** Too many of the client's notifications are being worked on. */
    CALLS_PILE_UP("notifications"),
    /** The client sends more control frames than it may. */
    CONTROL_FRAMES("pings and pongs"),
    /** The client goes on asking although it is refused. */
    REFUSALS("requests that had to be refused"),
    /** Others on the event loop come first. */
    TURN_IS_OVER("turns");

    private final String what;

    Reason(String what) {
      this.what = what;
    }

    /** What there is too much of. */
    String what() {
      return what;
    }
  }

  private final FrameHeader header = new FrameHeader();
  private final int maxFrameBytes;
  private final Share share;
  private final LoopTurns.Turn turn;
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf held;
  private int counted;
  private long left;
  private long passed;
  private boolean broken;
  private boolean closed;
  private boolean passing;

  /**
   * @param maxFrameBytes above which a frame is the decoder's to refuse
   * @param share counts the bytes that wait here
   * @param turns of the event loop
   */
  FrameGate(int maxFrameBytes, Share share, LoopTurns turns) {
    this.maxFrameBytes = maxFrameBytes;
    this.share = share;
    this.turn = turns.turn(() -> resume(Reason.TURN_IS_OVER));
  }

  void pause(Reason reason) {
    reasons.add(reason);
    autoRead(false);
  }

  void resume(Reason reason) {
    if (reasons.remove(reason) && reasons.isEmpty() && !passing) {
      passHeld();
    }
  }

  boolean isPausedFor(Reason reason) {
    return reasons.contains(reason);
  }

  /** Whether the client has to wait; not for its turn, which comes at once. */
  boolean isPaused() {
    return !reasons.isEmpty() && !(reasons.size() == 1 && isPausedFor(Reason.TURN_IS_OVER));
  }

  /** Whether a frame has begun to come and is not complete. */
  boolean isWithinAFrame() {
    return left > 0 || header.hasBegun();
  }

  /** Lets nothing through any more, and drops what comes. */
  void close() {
    closed = true;
    turn.leave();
    reasons.clear();
    release();
    autoRead(true);
  }

  private void autoRead(boolean on) {
    if (context != null) {
      context.channel().config().setAutoRead(on);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  private void release() {
    if (held != null && !passing) {
      held.release();
      held = null;
    }
    count();
  }

  private void count() {
    int now = held == null ? 0 : held.capacity();
    if (now > counted) {
      share.add(now - counted);
    } else if (now < counted) {
      share.give(counted - now);
    }
    counted = now;
  }

  /** Netty's decoder asks for more when it was given no frame; not while we wait. */
  @Override
  public void read(ChannelHandlerContext ctx) {
    if (reasons.isEmpty()) {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
    } else if (held == null) {
      held = bytes;
      passHeld();
    } else {
      // A read that was under way when the pause began.
      held = ctx.alloc().compositeBuffer(2).addComponents(true, held, bytes);
      count();
    }
  }

  private void passHeld() {
    ChannelHandlerContext ctx = context;
    ByteBuf bytes = held;
    if (ctx == null || bytes == null) {
      autoRead(true);
      return;
    }
    passing = true;
    turn.begins();
    try {
      while (bytes.isReadable() && reasons.isEmpty() && !closed) {
        pass(ctx, bytes);
        if (!closed && turn.isOver()) {
          pause(Reason.TURN_IS_OVER);
        }
      }
    } finally {
      passing = false;
      if (closed || !bytes.isReadable()) {
        held = null;
        bytes.release();
      }
      count();
    }
    if (reasons.isEmpty()) {
      autoRead(true);
    }
  }

  private void pass(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (broken) {
      ctx.fireChannelRead(bytes.readRetainedSlice(bytes.readableBytes()));
    } else if (left > 0) {
      piece(ctx, bytes);
    } else if (header.take(bytes)) {
      begin(ctx, bytes);
    }
  }

  /** The header is there; of a control frame the payload, too. */
  private void begin(ChannelHandlerContext ctx, ByteBuf bytes) {
    long length = header.payloadBytes();
    broken = !header.isWellFormed() || length > maxFrameBytes;
    if (broken || length == 0 || header.isControl()) {
      ctx.fireChannelRead(header.whole(ctx.alloc()));
      header.clear();
    } else {
      left = length;
      passed = 0;
      if (bytes.isReadable()) {
        piece(ctx, bytes);
      }
    }
  }

  private void piece(ChannelHandlerContext ctx, ByteBuf bytes) {
    int length = (int) Math.min(left, bytes.readableBytes());
    ByteBuf first = header.ofPiece(ctx.alloc(), passed, length, length == left);
    ByteBuf payload = bytes.readRetainedSlice(length);
    left -= length;
    passed += length;
    if (left == 0) {
      header.clear();
    }
    ctx.fireChannelRead(first);
    ctx.fireChannelRead(payload);
  }
}
