package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Audit;
import io.multiswarm.server.auth.Authentication;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Fleet;
import io.multiswarm.server.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Lets sessions in by their tokens, and ends them when their tokens are over.
 *
 * <p><b>Threading.</b> Per session the connection's thread.
 */
public final class Admissions {

  /** How often a session's end is compared with the clock, which may be set meanwhile. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

  private final Authentication authentication;
  private final int maxPerPrincipal;
  private final Map<String, Integer> byPrincipal = new ConcurrentHashMap<>();

  /**
   * @param maxPerPrincipal sessions that one principal may have on this node
   */
  public Admissions(Authentication authentication, int maxPerPrincipal) {
    this.authentication = authentication;
    this.maxPerPrincipal = maxPerPrincipal;
  }

  /**
   * Opens the session by the token, or by that of the handshake. A refusal is answered, and then
   * ends the session.
   *
   * <p>That of a fleet ends nothing: another may be named.
   *
   * @param token null when the call had none
   * @param fleet likewise
   */
  Mono<Void> open(Session session, @Nullable String token, @Nullable String fleet) {
    return shown(session, token)
        .doOnNext(grant -> admit(session, grant, fleet))
        .doOnError(refused -> end(session, refused))
        .then();
  }

  private Mono<AccessGrant> shown(Session session, @Nullable String token) {
    AccessGrant ofHandshake = session.client().grant();
    return token == null && ofHandshake != null
        ? Mono.fromSupplier(() -> stillGood(ofHandshake))
        : authentication.authenticate(session.client().address(), token, session.loop());
  }

  private AccessGrant stillGood(AccessGrant grant) {
    AccessGrant current = authentication.current(grant);
    if (current == null) {
      throw CoordinationException.of(
          ErrorCode.UNAUTHENTICATED, "the token of the handshake is not valid any more");
    }
    return current;
  }

  private void admit(Session session, AccessGrant grant, @Nullable String asked) {
    if (session.isEnded()) {
      return;
    }
    Fleet fleet = session.fleets().choose(asked, grant.principal());
    if (grant.principal().isAuthenticated()) {
      count(session, grant.principal().name());
    }
    session.enter(fleet);
    session.open(grant);
    expire(session, grant);
    Audit.opened(
        session.id(),
        session.client().address(),
        grant,
        session.fleets().areSeveral() ? fleet.name() : null);
  }

  private void count(Session session, String principal) {
    if (byPrincipal.merge(principal, 1, Integer::sum) > maxPerPrincipal) {
      uncount(principal);
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "%s has %d connections to this node, which is the limit (MAX_CONNECTIONS_PER_PRINCIPAL)",
          principal,
          maxPerPrincipal);
    }
    session.onEnd(() -> uncount(principal));
  }

  private void uncount(String principal) {
    byPrincipal.computeIfPresent(principal, (any, count) -> count == 1 ? null : count - 1);
  }

  /** After the answer, which is on its way when what is executed now begins. */
  private static void end(Session session, Throwable refused) {
    if (CoordinationException.is(refused, ErrorCode.INVALID_ARGUMENT)
        || CoordinationException.is(refused, ErrorCode.PERMISSION_DENIED)) {
      return;
    }
    CloseCode code =
        CoordinationException.is(refused, ErrorCode.RESOURCE_EXHAUSTED)
            ? CloseCode.LIMIT_REACHED
            : CloseCode.BAD_TOKEN;
    session.peer().execute(() -> session.peer().close(code, String.valueOf(refused.getMessage())));
  }

  /** Replaces the session's token by another of the same principal; a refusal changes nothing. */
  Mono<Void> refresh(Session session, String token) {
    return authentication
        .authenticate(session.client().address(), token, session.loop())
        .doOnNext(grant -> replace(session, grant))
        .then();
  }

  private void replace(Session session, AccessGrant grant) {
    if (!grant.principal().name().equals(session.principal().name())) {
      throw CoordinationException.of(
          ErrorCode.PERMISSION_DENIED,
          "the token is another principal's than the session's; open another session with it");
    }
    if (!isForItsFleet(session, grant)) {
      throw CoordinationException.of(
          ErrorCode.PERMISSION_DENIED,
          "the token is not for the fleet that the session is in; open another session with it");
    }
    change(session, grant);
  }

  private static boolean isForItsFleet(Session session, AccessGrant grant) {
    return grant.principal().fleets().include(session.fleet().name());
  }

  private void change(Session session, AccessGrant grant) {
    if (!session.isEnded()) {
      session.open(grant);
      expire(session, grant);
    }
  }

  /** Judges an open session by today's tokens. */
  public void recheck(Session session) {
    AccessGrant before = session.grant();
    if (before == null || session.isEnded()) {
      return;
    }
    AccessGrant now = authentication.current(before);
    if (now == null || !isForItsFleet(session, now)) {
      session.peer().close(CloseCode.BAD_TOKEN, "the token is not valid any more");
    } else if (!now.equals(before)) {
      change(session, now);
    }
  }

  private void expire(Session session, AccessGrant grant) {
    Instant expiresAt = grant.expiresAt();
    if (expiresAt == null) {
      session.expireBy(Disposables.disposed());
      return;
    }
    Duration left = Duration.between(authentication.now(), expiresAt);
    Duration wait = left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS;
    session.expireBy(
        Mono.delay(wait, authentication.scheduler())
            .publishOn(session.loop())
            .subscribe(tick -> expireUnlessTimeIsLeft(session, grant, expiresAt)));
  }

  private void expireUnlessTimeIsLeft(Session session, AccessGrant grant, Instant expiresAt) {
    if (authentication.now().isBefore(expiresAt)) {
      expire(session, grant);
    } else {
      session.peer().close(CloseCode.BAD_TOKEN, "the token has expired");
    }
  }
}
