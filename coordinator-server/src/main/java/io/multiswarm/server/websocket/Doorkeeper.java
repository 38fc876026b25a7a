package io.multiswarm.server.websocket;

import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.TOO_MANY_REQUESTS;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.auth.BearerToken;
import io.multiswarm.server.auth.Proxies;
import io.multiswarm.server.session.Client;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** Decides which connections may become sessions: by number, by rate, and by token. */
public final class Doorkeeper {

  /** Whether a connection is counted already, for it brings many requests. */
  private static final AttributeKey<Boolean> VISITS = AttributeKey.valueOf("multiswarm.visits");

  /** The fleet that a request is for, which no session of its own can name. */
  private static final String FLEET = "multiswarm-fleet";

  private static final String FORWARDED = "forwarded";
  private static final String FORWARDED_FOR = "x-forwarded-for";
  private static final String FORWARDED_PROTO = "x-forwarded-proto";

  private final Authentication authentication;
  private final Proxies proxies;
  private final Connections connections;
  private final Connections visits;
  private final HandshakeRate rate;

  /**
   * How many may come.
   *
   * @param perAddress connections at the same time
   * @param handshakes a second and address; 0 for any number
   */
  public record Numbers(int connections, int perAddress, int handshakes) {}

  public Doorkeeper(Authentication authentication, Proxies proxies, Numbers numbers) {
    this.authentication = authentication;
    this.proxies = proxies;
    this.connections = new Connections(numbers.connections(), numbers.perAddress());
    this.visits = new Connections(numbers.connections(), numbers.perAddress());
    this.rate = new HandshakeRate(numbers.handshakes(), authentication.scheduler());
  }

  Connections connections() {
    return connections;
  }

  /** Where the client is, by what trusted proxies say. */
  public InetAddress address(HttpServerRequest request) {
    HttpHeaders headers = request.requestHeaders();
    return proxies.client(
        connected(request), headers.getAll(FORWARDED), headers.getAll(FORWARDED_FOR));
  }

  private static InetAddress connected(HttpServerRequest request) {
    return request.connectionRemoteAddress() instanceof InetSocketAddress remote
            && remote.getAddress() != null
        ? remote.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /**
   * Whether the client speaks TLS, by what trusted proxies say.
   *
   * @param own whether this server does, for clients that come through none
   */
  public boolean isSecure(HttpServerRequest request, boolean own) {
    HttpHeaders headers = request.requestHeaders();
    Boolean told =
        proxies.isSecure(
            connected(request), headers.getAll(FORWARDED), headers.getAll(FORWARDED_PROTO));
    return told == null ? own : told;
  }

  /** Lets a connection in, or fails with {@link HandshakeRefused}. On the event loop. */
  Mono<Client> admit(HttpServerRequest request) {
    InetAddress address = address(request);
    Duration wait = rate.begins(address);
    if (!wait.isZero()) {
      throw new HandshakeRefused(
          TOO_MANY_REQUESTS, "too many handshakes from your address (HANDSHAKE_RATE)", wait);
    }
    count(request, address);
    String token = BearerToken.of(request.requestHeaders().getAll(HttpHeaderNames.AUTHORIZATION));
    return token == null || !authentication.isOn()
        ? Mono.just(new Client(address, null))
        : authenticated(request, address, token);
  }

  /**
   * Lets a request in that is no handshake, or fails with {@link HandshakeRefused}: by the same
   * rate, with the same limits for the connections that such requests come on, and with a token
   * where tokens are asked for. On the event loop.
   */
  public Mono<Client> visit(HttpServerRequest request) {
    InetAddress address = address(request);
    Duration wait = rate.begins(address);
    if (!wait.isZero()) {
      throw new HandshakeRefused(
          TOO_MANY_REQUESTS, "too many requests from your address (HANDSHAKE_RATE)", wait);
    }
    request.withConnection(
        connection -> {
          if (connection.channel().attr(VISITS).setIfAbsent(Boolean.TRUE) == null) {
            count(visits, connection, address);
          }
        });
    String token = BearerToken.of(request.requestHeaders().getAll(HttpHeaderNames.AUTHORIZATION));
    String fleet = request.requestHeaders().get(FLEET);
    return authenticated(request, address, token)
        .map(client -> new Client(client.address(), client.grant(), fleet));
  }

  private void count(HttpServerRequest request, InetAddress address) {
    request.withConnection(connection -> count(connections, connection, address));
  }

  private void count(Connections counted, Connection connection, InetAddress address) {
    if (connections.isClosed()) {
      throw new HandshakeRefused(
          SERVICE_UNAVAILABLE, "this node is draining; connect to another", null);
    }
    String over = counted.begins(address);
    if (over != null) {
      throw new HandshakeRefused(
          SERVICE_UNAVAILABLE, "the limit of connections is reached (" + over + ")", null);
    }
    connection.channel().closeFuture().addListener(closed -> counted.ended(address));
  }

  private Mono<Client> authenticated(
      HttpServerRequest request, InetAddress address, @Nullable String token) {
    EventLoop[] loop = new EventLoop[1];
    request.withConnection(connection -> loop[0] = connection.channel().eventLoop());
    return authentication
        .authenticate(address, token, Schedulers.fromExecutor(loop[0]))
        .map(grant -> new Client(address, grant))
        .onErrorMap(
            CoordinationException.class,
            refused -> new HandshakeRefused(UNAUTHORIZED, refused.message(), null));
  }
}
