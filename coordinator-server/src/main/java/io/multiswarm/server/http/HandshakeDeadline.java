package io.multiswarm.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

/**
 * Closes a connection whose first request has not come in time, however slowly its bytes trickle:
 * an idle timeout begins anew with each byte.
 */
// The future of the close is ignored: there is nothing left to do after it.
@SuppressWarnings("FutureReturnValueIgnored")
final class HandshakeDeadline extends ChannelInboundHandlerAdapter {

  private static final String NAME = "multiswarm.deadline";

  private final Duration patience;
  private @Nullable Future<?> timer;

  private HandshakeDeadline(Duration patience) {
    this.patience = patience;
  }

  static void set(Channel channel, Duration patience) {
    channel.pipeline().addFirst(NAME, new HandshakeDeadline(patience));
  }

  /** The request is there. */
  static void met(Connection connection) {
    if (connection.channel().pipeline().get(NAME) != null) {
      connection.channel().pipeline().remove(NAME);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> ctx.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
