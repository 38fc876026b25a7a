package io.multiswarm.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Answers who speaks without TLS to a port with TLS in words that he understands; else both sides
 * would see garbage. Sits before TLS, and leaves with the first bytes.
 */
// The future of the answer is ignored: the connection is closed after it, whatever became of it.
@SuppressWarnings("FutureReturnValueIgnored")
final class PlainTextRefusal extends ChannelInboundHandlerAdapter {

  private static final String NAME = "multiswarm.plaintext";
  private static final byte HANDSHAKE = 22;
  private static final String BODY = "this port speaks TLS: connect with wss:// or https://\n";
  private static final String ANSWER =
      "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: "
          + BODY.length()
          + "\r\nconnection: close\r\n\r\n"
          + BODY;

  private PlainTextRefusal() {}

  static void set(Channel channel) {
    channel.pipeline().addFirst(NAME, new PlainTextRefusal());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes
        && bytes.isReadable()
        && bytes.getByte(bytes.readerIndex()) != HANDSHAKE) {
      ReferenceCountUtil.release(message);
      ctx.writeAndFlush(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    ctx.pipeline().remove(this);
    ctx.fireChannelRead(message);
  }
}
