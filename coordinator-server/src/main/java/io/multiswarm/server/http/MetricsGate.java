package io.multiswarm.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.auth.BearerToken;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Scope;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Who may read the metrics: everybody where nobody is asked for a token, else the scope observe in
 * all that is told of.
 *
 * @param isOpen whether everybody may all the same
 * @param isForAll whether a token is good for every fleet
 */
public record MetricsGate(
    Authentication authentication, boolean isOpen, Predicate<Principal> isForAll) {

  /** {@code OK}, or the status to refuse with. */
  Mono<HttpResponseStatus> judge(HttpServerRequest request, InetAddress address) {
    if (isOpen || !authentication.isOn()) {
      return Mono.just(OK);
    }
    String token = BearerToken.of(request.requestHeaders().getAll(HttpHeaderNames.AUTHORIZATION));
    if (token == null) {
      return Mono.just(UNAUTHORIZED);
    }
    return authentication
        .authenticate(address, token, authentication.scheduler())
        .map(this::ofGrant)
        .onErrorReturn(UNAUTHORIZED);
  }

  private HttpResponseStatus ofGrant(AccessGrant grant) {
    boolean may = grant.principal().may(Scope.OBSERVE) || grant.principal().may(Scope.ADMIN);
    return may && isForAll.test(grant.principal()) ? OK : FORBIDDEN;
  }
}
