package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** What a client is told of an exception: the only place where exceptions become answers. */
final class WireErrors {

  private static final Logger log = LoggerFactory.getLogger(WireErrors.class);

  /** Defects whose trace was logged; what comes on top is told by a line. */
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private static final int MOST_KNOWN = 1_000;
  private static final int LONGEST = 500;

  private WireErrors() {}

  /**
   * A refusal is its own answer. Anything else is a defect of ours: it is logged with an incident's
   * id, the first of its kind with a trace, and the client is told that id and nothing more.
   *
   * @param method what was called
   */
  static CoordinationException answer(String method, Throwable error) {
    Throwable cause = Exceptions.unwrap(error);
    if (cause instanceof CoordinationException refusal && !refusal.is(ErrorCode.INTERNAL)) {
      return refusal;
    }
    String incident = Ids.unique("incident");
    if (isNew(method, cause)) {
      log.error("Defect in {} ({})", method, incident, cause);
    } else {
      String text = cause.toString();
      String line = text.substring(0, Math.min(LONGEST, text.length()));
      log.error("Defect in {} ({}), again: {}", method, incident, line);
    }
    return CoordinationException.of(
            ErrorCode.INTERNAL,
            "%s failed for a reason of the server's own; its log has more under %s",
            method,
            incident)
        .with("incident", incident);
  }

  /** Whoever may call what is broken must not fill the disk. */
  private static boolean isNew(String method, Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    String place = trace.length == 0 ? "" : trace[0].toString();
    return KNOWN.size() < MOST_KNOWN
        && KNOWN.add(method + " " + cause.getClass().getName() + " " + place);
  }
}
