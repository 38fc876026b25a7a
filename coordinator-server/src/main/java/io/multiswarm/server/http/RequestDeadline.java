package io.multiswarm.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Closes a connection whose next request has not come in time, however slowly its bytes trickle: an
 * idle timeout begins anew with each byte. Likewise one whose client does not take the answer.
 *
 * <p><b>Threading.</b> The connection's thread, but for {@link #again}.
 */
// The future of the close is ignored: there is nothing left to do after it.
@SuppressWarnings("FutureReturnValueIgnored")
final class RequestDeadline extends ChannelInboundHandlerAdapter {

  private final Duration patience;

  /** Null when the connection is gone. */
  private volatile @Nullable ChannelHandlerContext context;

  private @Nullable Future<?> timer;

  private RequestDeadline(Duration patience) {
    this.patience = patience;
  }

  /** For a connection that is new. */
  static void set(Channel channel, Duration patience) {
    channel.pipeline().addFirst(new RequestDeadline(patience));
  }

  /** That of a request's connection; null when the connection is gone. On its thread. */
  static @Nullable RequestDeadline of(HttpServerRequest request) {
    RequestDeadline[] found = new RequestDeadline[1];
    request.withConnection(
        connection -> found[0] = connection.channel().pipeline().get(RequestDeadline.class));
    return found[0];
  }

  /** What comes next, the end of an answer or a request, has the whole time. On any thread. */
  void again() {
    ChannelHandlerContext own = context;
    if (own == null) {
      return;
    }
    if (own.executor().inEventLoop()) {
      start();
      return;
    }
    try {
      own.executor().execute(this::start);
    } catch (RejectedExecutionException ended) {
      // And the connection with it.
    }
  }

  private void start() {
    stop();
    ChannelHandlerContext own = context;
    if (own != null) {
      timer = own.executor().schedule(this::end, patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void end() {
    ChannelHandlerContext own = context;
    if (own == null) {
      return;
    }
    if (own.pipeline().get(WebSocketFrameDecoder.class) != null) {
      own.pipeline().remove(this); // a session has deadlines of its own
    } else {
      own.close();
    }
  }

  /** What comes next takes as long as it takes. On the connection's thread. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    start();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    stop();
  }
}
