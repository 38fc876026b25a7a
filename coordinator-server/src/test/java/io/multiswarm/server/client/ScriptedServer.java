package io.multiswarm.server.client;

import io.multiswarm.common.ErrorCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Says what a test wants to clients that take it for a server, over real sockets. */
public final class ScriptedServer implements AutoCloseable {

  private static final int MAX_FRAME = 4 << 20;
  private static final String WELCOME =
      "{\"protocol\":1,\"session\":\"s\",\"node\":\"n\",\"pingIntervalMs\":%d,\"graceMs\":1000,"
          + "\"limits\":{\"maxFrameBytes\":1048576,\"maxInFlight\":64,\"maxSubscriptions\":10}}";

  private final JsonMapper mapper = new JsonMapper();
  private final AtomicInteger connections = new AtomicInteger();
  private final Script script;
  private final DisposableServer server;

  /** What is done with each request; on the connection's thread. */
  @FunctionalInterface
  public interface Script {

    /**
     * Answers, or does something else.
     *
     * @param params of the request
     */
    void play(Peer peer, String method, JsonNode id, JsonNode params);
  }

  private ScriptedServer(Script script) {
    this.script = script;
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                routes ->
                    routes.ws(
                        "/v1/ws",
                        this::serve,
                        WebsocketServerSpec.builder().protocols("multiswarm.v1").build()))
            .bindNow();
  }

  public static ScriptedServer start(Script script) {
    return new ScriptedServer(script);
  }

  private Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
    int number = connections.incrementAndGet();
    Mono<Peer> peer =
        Mono.create(
            sink ->
                in.withConnection(
                    connection -> sink.success(new Peer(number, connection.channel()))));
    return peer.flatMap(
        one ->
            in.aggregateFrames(MAX_FRAME)
                .receive()
                .asString()
                .doOnNext(text -> received(one, text))
                .then(Mono.never()));
  }

  private void received(Peer peer, String text) {
    JsonNode request = mapper.readTree(text);
    script.play(
        peer, request.path("method").asString(""), request.path("id"), request.path("params"));
  }

  public int port() {
    return server.port();
  }

  public String url() {
    return "ws://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.disposeNow();
  }

  /** A client's connection, from any thread. */
  public static final class Peer {

    private final int number;
    private final Channel channel;

    private Peer(int number, Channel channel) {
      this.number = number;
      this.channel = channel;
    }

    /** The first is 1. */
    public int number() {
      return number;
    }

    private void write(WebSocketFrame frame) {
      channel.writeAndFlush(frame, channel.voidPromise());
    }

    /** Any text. */
    public void say(String text) {
      write(new TextWebSocketFrame(text));
    }

    public void welcome(JsonNode id, int pingIntervalMs) {
      answer(id, WELCOME.formatted(pingIntervalMs));
    }

    public void answer(JsonNode id, String result) {
      say("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result));
    }

    public void refuse(JsonNode id, ErrorCode code) {
      say(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"no\",\"data\":{\"name\":\"%s\"}}}"
              .formatted(id, code.wireCode(), code));
    }

    public void tell(String method, String params) {
      say("{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, params));
    }

    public void close(int code, String reason) {
      channel
          .writeAndFlush(new CloseWebSocketFrame(code, reason))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
