package io.multiswarm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One connection through a {@link RedisProxy}: a thread for each way. */
final class ProxyConnection {

  private static final int CHUNK = 64 * 1024;
  private static final int CONNECT_MILLIS = 5_000;

  /** A request that lies across two reads is still found, if the text is this short. */
  private static final int OVERLAP = 256;

  private final RedisProxy proxy;
  private final Socket client;
  private final Socket redis;

  /** Once true it stays so: bytes are missing, and the rest would make no sense. */
  private volatile boolean silent;

  private volatile boolean losesReplies;

  private ProxyConnection(RedisProxy proxy, Socket client, Socket redis) {
    this.proxy = proxy;
    this.client = client;
    this.redis = redis;
  }

  static ProxyConnection open(RedisProxy proxy, Socket client, URI target) throws IOException {
    Socket redis = new Socket();
    try {
      int port = target.getPort() < 0 ? 6379 : target.getPort();
      redis.connect(new InetSocketAddress(target.getHost(), port), CONNECT_MILLIS);
      redis.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      return new ProxyConnection(proxy, client, redis);
    } catch (IOException e) {
      reset(client);
      reset(redis);
      throw e;
    }
  }

  void start() {
    Threads.start("redis-proxy-requests", () -> run(this::pumpRequests));
    Threads.start("redis-proxy-replies", () -> run(this::pumpReplies));
  }

  void silence() {
    silent = true;
  }

  void reset() {
    reset(client);
    reset(redis);
    proxy.closed(this);
  }

  /** Closes so that the peer sees a reset and no orderly end. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyClosed) {
      // Which is what was wanted.
    }
  }

  private void pumpRequests() throws IOException {
    byte[] bytes = new byte[CHUNK];
    InputStream in = client.getInputStream();
    OutputStream out = redis.getOutputStream();
    String before = "";
    for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
      if (losesReplies || silent || proxy.mode() == RedisProxy.Mode.SWALLOW) {
        silent |= !losesReplies;
        continue;
      }
      String requests = before + new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      proxy.requested(requests);
      losesReplies = proxy.replyLoss().strikes(requests);
      before = requests.substring(Math.max(0, requests.length() - OVERLAP));
      out.write(bytes, 0, length);
      if (losesReplies) {
        // Redis does all it was sent before it sees the end, and then closes: that is when the
        // client is cut.
        redis.shutdownOutput();
      }
    }
    if (!losesReplies) {
      reset();
    }
  }

  private void pumpReplies() throws IOException {
    byte[] bytes = new byte[CHUNK];
    InputStream in = redis.getInputStream();
    OutputStream out = client.getOutputStream();
    for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
      hold(proxy.delay());
      if (proxy.mode() != RedisProxy.Mode.PASS) {
        silent = true;
      }
      if (!silent && !losesReplies) {
        out.write(bytes, 0, length);
      }
    }
    // A silent connection tells the client nothing, not even that Redis has gone.
    if (!silent) {
      reset();
    }
  }

  private static void hold(Duration delay) {
    long until = System.nanoTime() + delay.toNanos();
    for (long left = delay.toNanos(); left > 0; left = until - System.nanoTime()) {
      Await.pause(Duration.ofNanos(left));
    }
  }

  private interface Pump {
    void run() throws IOException;
  }

  private void run(Pump pump) {
    try {
      pump.run();
    } catch (IOException cut) {
      reset();
    }
  }
}
