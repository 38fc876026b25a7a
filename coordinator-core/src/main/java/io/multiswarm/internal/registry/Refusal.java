package io.multiswarm.internal.registry;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;

/** The words of the registry's refusals, by the status of a script. */
final class Refusal {

  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private Refusal() {}

  static CoordinationException exists(String swarmId) {
    return CoordinationException.of(
        ErrorCode.ALREADY_EXISTS,
        "swarm: %s is registered already; choose another id, or attach it with its key",
        swarmId);
  }

  static CoordinationException full(int limit) {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "swarms: all %d places are taken; deregister some or raise SWARM_MAX_COUNT",
            limit)
        .with("limit", limit);
  }

  static CoordinationException fullOfOne(int limit) {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "swarms: %d that this principal created are registered, which is the limit"
                + " (MAX_SWARMS_PER_PRINCIPAL); deregister some, or attach one",
            limit)
        .with("limit", limit);
  }

  static CoordinationException wrongKey(String swarmId) {
    return CoordinationException.of(
        ErrorCode.PERMISSION_DENIED,
        "swarm: %s has another key; use the one that registering it returned",
        swarmId);
  }

  static CoordinationException unreadable(String swarmId) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "swarm: %s is registered, but its record in Redis is damaged; deregister it, and create it"
            + " anew",
        swarmId);
  }

  static CoordinationException transition(String swarmId, String from, String to) {
    return CoordinationException.of(
            ErrorCode.FAILED_PRECONDITION,
            "swarm: %s is %s, which cannot become %s",
            swarmId,
            from,
            to)
        .with("status", from);
  }

  static CoordinationException contended(String swarmId) {
    return CoordinationException.of(
            ErrorCode.CONFLICT, "swarm: %s is being changed by others all the time", swarmId)
        .retryAfter(RETRY_AFTER);
  }

  static CoordinationException nodeLapsed(String nodeId) {
    return CoordinationException.of(
            ErrorCode.UNAVAILABLE, "node: %s could not renew its lease; try again", nodeId)
        .retryAfter(RETRY_AFTER);
  }
}
