package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.protocol.Params;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What a session may. When its token is worth less than before, whatever goes on in the session is
 * judged again, by the rule that let it begin.
 *
 * <p><b>Threading.</b> The connection's thread, but for the disposal of guards.
 */
final class Access {

  /** Something that goes on after its call was let pass. */
  private record Guard(Method method, Params params, Runnable denied) {}

  private final Session session;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final Disposable.Swap expiry = Disposables.swap();
  private @Nullable AccessGrant grant;

  Access(Session session) {
    this.session = session;
  }

  /** Null before the session is open. */
  @Nullable AccessGrant grant() {
    return grant;
  }

  /** Opens the session, or changes what it may. */
  void grant(AccessGrant now) {
    Principal before = grant == null ? null : grant.principal();
    grant = now;
    if (before != null && !now.principal().mayAllThat(before)) {
      session.swarms().letGoOfForbidden();
      List.copyOf(guards).forEach(guard -> judge(guard, now.principal()));
    }
  }

  /** Replaces what ends the session when its grant is over. */
  void expireBy(Disposable timer) {
    expiry.update(timer);
  }

  /**
   * Watches over something that goes on.
   *
   * @param params by which it is judged again: they are kept, so no more than the rule reads
   * @param denied run on the connection's thread when it is not allowed any more
   */
  Disposable guard(Method method, Params params, Runnable denied) {
    Guard guard = new Guard(method, params, denied);
    guards.add(guard);
    return () -> guards.remove(guard);
  }

  private void judge(Guard guard, Principal principal) {
    try {
      guard.method().check(principal, guard.params()).subscribe(null, error -> end(guard));
    } catch (CoordinationException denied) {
      end(guard);
    }
  }

  /** Should Redis not tell whose the task is, it is taken for somebody else's. */
  private void end(Guard guard) {
    if (guards.remove(guard)) {
      session.peer().execute(guard.denied());
    }
  }

  static CoordinationException denied() {
    return CoordinationException.of(
        ErrorCode.PERMISSION_DENIED, "the token does not allow this any more");
  }

  void end() {
    guards.clear();
    expiry.dispose();
  }
}
