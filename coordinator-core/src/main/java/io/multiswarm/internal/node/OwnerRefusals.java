package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;

/** The refusals that {@code lib/owner} has for a write in a swarm's name. */
public final class OwnerRefusals {

  private OwnerRefusals() {}

  /**
   * @param status {@code NOT_FOUND} or {@code FENCED}
   * @throws IllegalStateException for any other
   */
  public static CoordinationException of(String status, Ownership owner) {
    return switch (status) {
      case "NOT_FOUND" -> unknown(owner.swarmId());
      case "FENCED" -> fenced(owner);
      default -> throw new IllegalStateException("unexpected status of a script: " + status);
    };
  }

  public static CoordinationException fenced(Ownership owner) {
    return CoordinationException.of(
        ErrorCode.FENCED,
        "swarm: %s, incarnation: %d is not the current one; attach again to act for it",
        owner.swarmId(),
        owner.incarnation());
  }

  public static CoordinationException unknown(String swarmId) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND,
        "swarm: %s is not registered; it never was, was deregistered or has expired",
        swarmId);
  }
}
