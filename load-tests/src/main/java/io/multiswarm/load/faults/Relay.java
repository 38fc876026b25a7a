package io.multiswarm.load.faults;

import io.multiswarm.load.faults.Pipe.Count;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * The way of one server to Redis. It can be held up: what the server sends is then delivered late,
 * as by a network that stands still. That makes sure that a leader's commands arrive after its
 * lease, which a pause of the process alone hardly ever does. And it can do what networks do, see
 * {@link Passage}.
 *
 * <p>Counts, of what passes, the commands that carry a certain epoch and the refusals of Redis.
 */
// Futures of writes and closes are ignored: a connection that fails is closed, and its end closes
// the other side.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Relay {

  private static final String REFUSED = "$6\r\nFENCED\r\n";

  private final URI redis;
  private final Channel listening;
  private final Set<Channel> fromServer;
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean held;
  private volatile long epoch;
  private volatile Passage passage = Passage.ALL;

  private Relay(URI redis, Channel listening, Set<Channel> fromServer) {
    this.redis = redis;
    this.listening = listening;
    this.fromServer = fromServer;
  }

  /** A relay on a port of its own. */
  public static Mono<Relay> open(URI redis, EventLoopGroup loops) {
    return Mono.create(
        sink -> {
          Relay[] relay = new Relay[1];
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childOption(ChannelOption.AUTO_READ, false)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel server) {
                      relay[0].accepted(server);
                    }
                  })
              .bind("127.0.0.1", 0)
              .addListener(
                  (ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                      relay[0] = new Relay(redis, bound.channel(), ConcurrentHashMap.newKeySet());
                      sink.success(relay[0]);
                    } else {
                      sink.error(bound.cause());
                    }
                  });
        });
  }

  private void accepted(Channel server) {
    new Bootstrap()
        .group(server.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new Pipe(server, true, () -> passage, new Count(refused, () -> REFUSED)))
        .connect(redis.getHost(), redis.getPort())
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                serve(server, connected.channel());
              } else {
                server.close();
              }
            });
  }

  private void serve(Channel server, Channel toRedis) {
    server
        .pipeline()
        .addLast(new Pipe(toRedis, false, () -> passage, new Count(late, this::lateArgument)));
    fromServer.add(server);
    server
        .closeFuture()
        .addListener(
            closed -> {
              fromServer.remove(server);
              toRedis.close();
            });
    server.config().setAutoRead(!held);
  }

  /** An epoch as it stands among the arguments of a command. */
  private String lateArgument() {
    return "\r\n" + epoch + "\r\n";
  }

  /** What the server connects to in place of Redis. */
  public URI uri() {
    return URI.create(
        "redis://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort());
  }

  /** What is done with bytes from now on. */
  public void pass(Passage what) {
    passage = what;
  }

  /** Resets all connections; new ones are taken. */
  public void reset() {
    fromServer.forEach(Pipe::reset);
  }

  /** Keeps what the server sends from now on. */
  public void hold() {
    held = true;
    fromServer.forEach(server -> server.config().setAutoRead(false));
  }

  /** Delivers what was kept, and counts the commands in it that carry {@code leadership}. */
  public void release(long leadership) {
    epoch = leadership;
    held = false;
    fromServer.forEach(server -> server.config().setAutoRead(true));
  }

  /** Commands with the epoch of the last {@link #release} that have passed since. */
  public long late() {
    return late.get();
  }

  /** Answers of Redis that refused a writer as fenced. */
  public long refused() {
    return refused.get();
  }

  public void close() {
    listening.close();
    fromServer.forEach(Channel::close);
  }
}
