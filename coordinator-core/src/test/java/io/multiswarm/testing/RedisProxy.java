package io.multiswarm.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network between a client and Redis, which a test can break in the ways that networks break:
 *
 * <pre>{@code
 * try (RedisProxy network = RedisProxy.before(redis)) {
 *   var client = RedisClient.create(network.uri());
 *   network.loseReplyTo("EVALSHA");
 *   ...
 * }
 * }</pre>
 *
 * <p>A connection that has lost bytes never passes any again, as the rest would make no sense;
 * {@link #heal()} is for new ones and those that lost none. All methods may be called from any
 * thread and hold for what arrives afterwards.
 */
public final class RedisProxy implements AutoCloseable {

  /** What becomes of bytes. */
  enum Mode {
    PASS,
    SWALLOW,
    DROP_REPLIES,
    REFUSE
  }

  private final URI target;
  private final ServerSocket listener;
  private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final Trigger replyLoss = new Trigger();
  private final Trigger replyDrop = new Trigger();
  private volatile Mode mode = Mode.PASS;
  private volatile Duration delay = Duration.ZERO;

  private RedisProxy(URI target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  /** A proxy on a port of its own before a Redis, which may go away and come back behind it. */
  public static RedisProxy before(TestRedis redis) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
      RedisProxy proxy = new RedisProxy(URI.create(redis.uri()), listener);
      Threads.start("redis-proxy-" + listener.getLocalPort(), proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("listening before " + redis.uri(), e);
    }
  }

  /** The Redis behind it, by way of it. */
  public String uri() {
    String login = target.getRawUserInfo() == null ? "" : target.getRawUserInfo() + "@";
    String path = target.getRawPath() == null ? "" : target.getRawPath();
    return "redis://" + login + "127.0.0.1:" + listener.getLocalPort() + path;
  }

  /** Cuts all connections with a TCP reset. New ones work. */
  public void resetAll() {
    connections.forEach(ProxyConnection::reset);
  }

  /** All present connections stay open and silent for ever, each way: half-open. New ones work. */
  public void halfOpenAll() {
    connections.forEach(ProxyConnection::silence);
  }

  /** Until {@link #heal()} all connections, new ones too, are accepted and silent, each way. */
  public void swallow() {
    mode = Mode.SWALLOW;
  }

  /** Until {@link #heal()} requests reach Redis and no reply comes back; connections stay open. */
  public void dropReplies() {
    mode = Mode.DROP_REPLIES;
  }

  /**
   * As {@link #dropReplies}, but from the next request on that contains the text: it reaches Redis,
   * whatever else is going on.
   */
  public void dropRepliesFrom(String text) {
    replyDrop.arm(text);
  }

  /** Told before they reach Redis. */
  void requested(String requests) {
    if (replyDrop.strikes(requests)) {
      dropReplies();
    }
  }

  /** Cuts all connections, and new ones at once, until {@link #heal()}. */
  public void refuse() {
    mode = Mode.REFUSE;
    resetAll();
  }

  /** Holds back what Redis sends; until {@link #heal()}. */
  public void delayReplies(Duration duration) {
    delay = duration;
  }

  /**
   * The next request that contains the text, such as {@code EVALSHA} or an id, is carried out by
   * Redis, but neither its reply nor a later one comes back: the connection is reset after Redis
   * has done all it was sent. Once only.
   */
  public void loseReplyTo(String text) {
    replyLoss.arm(text);
  }

  /** How often {@link #loseReplyTo} has struck. */
  public long repliesLost() {
    return replyLoss.count();
  }

  /** Passes everything at once again. */
  public void heal() {
    mode = Mode.PASS;
    delay = Duration.ZERO;
  }

  /** How many are open. */
  public int connections() {
    return connections.size();
  }

  /** How many there were in all, refused ones too. */
  public long accepted() {
    return accepted.get();
  }

  /** Cuts everything. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetAll();
  }

  Mode mode() {
    return mode;
  }

  Duration delay() {
    return delay;
  }

  Trigger replyLoss() {
    return replyLoss;
  }

  void closed(ProxyConnection connection) {
    connections.remove(connection);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        accept(listener.accept());
      } catch (IOException closedOrRefused) {
        // Either the proxy was closed, which ends the loop, or Redis is away, of which the reset
        // told the client.
      }
    }
  }

  private void accept(Socket client) throws IOException {
    accepted.incrementAndGet();
    if (mode == Mode.REFUSE) {
      ProxyConnection.reset(client);
      return;
    }
    ProxyConnection connection = ProxyConnection.open(this, client, target);
    connections.add(connection);
    connection.start();
    if (mode == Mode.REFUSE || listener.isClosed()) {
      connection.reset();
    }
  }
}
