package io.multiswarm.load.floods;

import io.multiswarm.load.report.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpClient;

/**
 * One socket of a flood, without a WebSocket library: it sends what none would send, and reads or
 * not. Of what it reads it counts the refusals and the close codes.
 */
final class FloodSocket extends ChannelInboundHandlerAdapter {

  static final String SENT = "messages of the flood sent";
  static final String REFUSED_WITH = "refused with ";

  private static final byte[] REFUSED = "\"name\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int READS_A_PONG = 64;
  private static final String HANDSHAKE =
      "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private static final byte[] STATUS = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final String UPGRADED = "101";

  private final boolean readsOn;
  private final boolean halfOpen;
  private final List<ByteBuf> first;
  private final List<ByteBuf> then;
  private final Tally seen;
  private final Connection connection;

  /** A channel that has closed does not know it any more. */
  private final EventLoop loop;

  private final Sinks.Empty<Void> begun = Sinks.empty();
  private boolean upgraded;
  private int reads;
  private int turn;

  private FloodSocket(Flood flood, int number, Tally seen, Connection connection) {
    this.readsOn = flood.reads(number);
    this.halfOpen = flood.isHalfOpen(number);
    this.first = flood.first().apply(number);
    this.then = flood.then().apply(number);
    this.seen = seen;
    this.connection = connection;
    this.loop = connection.channel().eventLoop();
  }

  /** Connects, and completes when the flood has begun, or the server would not have it. */
  static Mono<FloodSocket> begin(TcpClient tcp, URI url, Flood flood, int number, Tally seen) {
    return tcp.host(url.getHost())
        .port(url.getPort())
        .connect()
        .flatMap(
            connection -> {
              var socket = new FloodSocket(flood, number, seen, connection);
              return socket.begun(url).thenReturn(socket);
            });
  }

  private Mono<Void> begun(URI url) {
    String handshake = HANDSHAKE.formatted(url.getPath(), url.getHost(), url.getPort());
    loop.execute(
        () -> {
          connection.channel().pipeline().addFirst("flood", this);
          connection.channel().config().setAutoRead(true);
          write(
              Unpooled.copiedBuffer(
                  handshake.substring(0, halfOpen ? handshake.length() / 2 : handshake.length()),
                  StandardCharsets.US_ASCII));
          if (halfOpen) {
            // Nobody answers. Emitted once: who answers all the same is not begun with.
            seen.add("handshakes begun and left");
            begun.tryEmitEmpty();
          }
        });
    return begun.asMono();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!upgraded && message instanceof ByteBuf answer) {
        answered(status(answer));
      } else if (message instanceof ByteBuf bytes) {
        look(bytes);
        if (++reads % READS_A_PONG == 0) {
          // A sign of life, as a client gives that answers pings.
          write(Frames.pong());
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void answered(String status) {
    if (status.equals(UPGRADED)) {
      upgraded = true;
      begin();
    } else {
      seen.add("handshakes answered with " + status);
      begun.tryEmitEmpty();
    }
  }

  private static String status(ByteBuf answer) {
    return answer.readableBytes() < STATUS.length + UPGRADED.length()
        ? "too little"
        : answer.toString(
            answer.readerIndex() + STATUS.length, UPGRADED.length(), StandardCharsets.US_ASCII);
  }

  private void begin() {
    if (!readsOn) {
      connection.channel().config().setAutoRead(false);
    }
    first.forEach(this::write);
    pour();
    // Emitted once: this runs once, and channelInactive comes after it or instead.
    begun.tryEmitEmpty();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    pour();
    ctx.fireChannelWritabilityChanged();
  }

  private void pour() {
    while (upgraded && !then.isEmpty() && connection.channel().isWritable()) {
      write(then.get(turn++ % then.size()));
      seen.add(SENT);
    }
  }

  /** Frames are sent many times, and lie on the heap, so that nobody has to release them. */
  private void write(ByteBuf frame) {
    var unused = connection.channel().writeAndFlush(frame.retainedDuplicate());
  }

  private void look(ByteBuf bytes) {
    byte[] read = new byte[Math.min(bytes.readableBytes(), 4096)];
    bytes.getBytes(bytes.readerIndex(), read);
    if ((read[0] & 0xFF) == 0x88 && read.length >= 4) {
      seen.add("closed with " + ((read[2] & 0xFF) << 8 | read[3] & 0xFF));
    }
    int at = find(read);
    if (at > 0) {
      int end = at;
      while (end < read.length && read[end] != '"') {
        end++;
      }
      seen.add(REFUSED_WITH + new String(read, at, end - at, StandardCharsets.US_ASCII));
    }
  }

  private static int find(byte[] read) {
    for (int i = 0; i + REFUSED.length < read.length; i++) {
      int j = 0;
      while (j < REFUSED.length && read[i + j] == REFUSED[j]) {
        j++;
      }
      // Names of errors are in capitals; the server's own name is not.
      if (j == REFUSED.length && Character.isUpperCase(read[i + j])) {
        return i + j;
      }
    }
    return -1;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    seen.add("sockets ended by the server");
    begun.tryEmitEmpty();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
    // The end of the socket follows, and is what is counted.
  }

  void end() {
    loop.execute(
        () -> {
          if (connection.channel().pipeline().get("flood") != null) {
            connection.channel().pipeline().remove("flood");
          }
          connection.dispose();
        });
  }
}
