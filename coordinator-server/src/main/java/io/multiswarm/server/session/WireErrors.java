package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** What a client is told of an exception: the only place where exceptions become answers. */
final class WireErrors {

  private static final Logger log = LoggerFactory.getLogger(WireErrors.class);

  private WireErrors() {}

  /**
   * A refusal is its own answer. Anything else is a defect of ours: it is logged with an incident's
   * id, and the client is told that id and nothing more.
   *
   * @param method what was called
   */
  static CoordinationException answer(String method, Throwable error) {
    Throwable cause = Exceptions.unwrap(error);
    if (cause instanceof CoordinationException refusal && !refusal.is(ErrorCode.INTERNAL)) {
      return refusal;
    }
    String incident = Ids.unique("incident");
    log.error("Defect in {} ({})", method, incident, cause);
    return CoordinationException.of(
            ErrorCode.INTERNAL,
            "%s failed for a reason of the server's own; its log has more under %s",
            method,
            incident)
        .with("incident", incident);
  }
}
