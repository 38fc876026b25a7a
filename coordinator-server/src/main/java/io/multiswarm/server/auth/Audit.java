package io.multiswarm.server.auth;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Params;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: who did what to which thing, and what came of it. A logger of its own, {@code
 * io.multiswarm.audit}, a line an event. Never a token, and of a call's parameters only the ids.
 */
public final class Audit {

  private static final Logger log = LoggerFactory.getLogger("io.multiswarm.audit");

  private static final int LONGEST = 128;
  private static final List<String> IDS =
      List.of("swarmId", "taskId", "from", "channel", "type", "conflictId", "attempt");

  private Audit() {}

  /**
   * A session has its principal.
   *
   * @param fleet that it is in; null where there is one only
   */
  public static void opened(
      String session, InetAddress address, AccessGrant grant, @Nullable String fleet) {
    if (grant.principal().isAuthenticated()) {
      log.info(
          "principal={} session={} address={} action=session.open{} outcome=ok",
          quoted(grant.principal().name()),
          session,
          address.getHostAddress(),
          fleet == null ? "" : " fleet=" + quoted(fleet));
    }
  }

  /** Somebody showed a token that is not good, or none. */
  static void refused(InetAddress address, String why) {
    log.info(
        "principal=- address={} action=authenticate outcome=UNAUTHENTICATED reason={}",
        address.getHostAddress(),
        quoted(why));
  }

  /** A call that is to be told of has ended. */
  public static void called(
      String session,
      Principal principal,
      String method,
      Params params,
      @Nullable Throwable error) {
    log.info(
        "principal={} session={} action={}{} outcome={}",
        quoted(principal.name()),
        session,
        method,
        which(params),
        outcome(error));
  }

  private static String outcome(@Nullable Throwable error) {
    if (error == null) {
      return "ok";
    }
    return error instanceof CoordinationException refusal ? refusal.code().name() : "INTERNAL";
  }

  private static String which(Params params) {
    StringBuilder which = new StringBuilder();
    for (String name : IDS) {
      String text = params.shown(name);
      if (text != null) {
        which.append(' ').append(name).append('=').append(quoted(text));
      }
    }
    return which.toString();
  }

  private static String quoted(String text) {
    return Json.quote(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
  }
}
