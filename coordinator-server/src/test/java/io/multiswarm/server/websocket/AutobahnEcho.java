package io.multiswarm.server.websocket;

import io.multiswarm.common.Ids;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.session.Client;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.server.session.SessionFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * What the Autobahn test suite is pointed at (profile {@code autobahn}): the server's own socket
 * classes, frame for frame, but for what takes the whole text messages, which sends them back.
 */
public final class AutobahnEcho {

  /** Autobahn's largest message. */
  private static final int MAX_MESSAGE = 16 << 20;

  /** The suite waits for nothing that long, and a ping of ours would be counted as a fault. */
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final Client CLIENT = new Client(InetAddress.getLoopbackAddress(), null);

  private final SessionFactory sessions =
      new SessionFactory(
          new SessionDirectory(new NodeBuffers(64 << 20)),
          Limits.defaults(MAX_MESSAGE),
          new FakeCustody().fleet());
  private final SocketTimings timings = SocketTimings.of(LONG, LONG, LONG);

  private AutobahnEcho() {}

  /**
   * Serves until the process ends.
   *
   * @param arguments the port
   */
  public static void main(String[] arguments) {
    Ids.unique("node"); // what makes ids reads a seed, which no event loop should
    AutobahnEcho echo = new AutobahnEcho();
    HttpServer.create()
        .host("127.0.0.1")
        .port(Integer.parseInt(arguments[0]))
        .handle(
            (request, response) ->
                response.sendWebsocket(
                    echo::serve,
                    WebsocketServerSpec.builder().maxFramePayloadLength(MAX_MESSAGE).build()))
        .bindNow()
        .onDispose()
        .block();
  }

  private Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
    SocketPeer[] peer = new SocketPeer[1];
    in.withConnection(
        connection ->
            peer[0] =
                new SocketPeer(
                    connection.channel(),
                    new LoopTurns(connection.channel().eventLoop()),
                    CLIENT,
                    sessions,
                    timings,
                    AutobahnEcho::sendBack));
    return peer[0].serve(in, out);
  }

  private static Consumer<byte[]> sendBack(Session session) {
    session.open(AccessGrant.ANONYMOUS);
    return session.peer()::send;
  }
}
