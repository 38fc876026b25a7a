package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandConnectionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<String> happened = new CopyOnWriteArrayList<>();
  private final AtomicBoolean began = new AtomicBoolean();
  private final AtomicBoolean busy = new AtomicBoolean(true);

  @AfterEach
  void end() {
    busy.set(false);
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** The loop had no time for its socket until now, and turns to what it was given first. */
  @Test
  void judgement_givenToABusyLoop_comesAfterWhatLiesInTheSocket() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel socket = SocketChannel.open(server.getLocalAddress());
      Channel channel = reading(socket);
      try (SocketChannel redis = server.accept()) {
        channel.eventLoop().execute(this::beBusy);
        Await.await("a busy loop", PATIENCE, began::get);
        redis.write(ByteBuffer.wrap(new byte[] {'+'}));
        Await.await("an answer in the socket", PATIENCE, () -> available(socket) == 1);

        CommandConnection.afterReading(channel.eventLoop(), () -> happened.add("judged"));
        busy.set(false);

        Await.await("both", PATIENCE, () -> happened.size() == 2);
        assertThat(happened).containsExactly("read", "judged");
      } finally {
        busy.set(false);
        channel.close().awaitUninterruptibly();
      }
    }
  }

  private Channel reading(SocketChannel socket) throws IOException {
    NioSocketChannel channel = new NioSocketChannel(socket);
    channel
        .pipeline()
        .addLast(
            new SimpleChannelInboundHandler<ByteBuf>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                happened.add("read");
              }
            });
    loops.register(channel).awaitUninterruptibly();
    return channel;
  }

  /** Without any call that a loop must not make. */
  private void beBusy() {
    began.set(true);
    boolean still = true;
    while (still) {
      still = busy.get();
    }
  }

  private static int available(SocketChannel socket) {
    try {
      return socket.socket().getInputStream().available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
