package io.multiswarm.internal.resources;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.OwnerRefusals;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ReleaseRequest;
import java.time.Duration;

/** The refusals of the resource scripts, by their status. */
final class ResourceRefusals {

  /** The request id is that of a call for something else. */
  private static final String OTHER = "OTHER";

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private ResourceRefusals() {}

  static CoordinationException ofAllocation(
      AllocationReply reply, Ownership owner, AllocationRequest request) {
    return switch (reply.status()) {
      case "UNKNOWN" -> unknownType(reply.type());
      case "TOO_MUCH" -> tooMuch(reply, owner, request);
      case "EXHAUSTED" -> exhausted(reply, owner, request);
      case "LINE_FULL" ->
          CoordinationException.of(
                  ErrorCode.RESOURCE_EXHAUSTED,
                  "resources: %d calls are waiting already; try again later",
                  reply.amount())
              .retryAfter(RETRY_AFTER);
      case OTHER -> otherContents(request.requestId(), owner);
      default -> OwnerRefusals.of(reply.status(), owner);
    };
  }

  private static CoordinationException otherContents(String requestId, Ownership owner) {
    return CoordinationException.of(
        ErrorCode.FAILED_PRECONDITION,
        "requestId: %s was used by swarm %s for other amounts; give each request its own",
        requestId,
        owner.swarmId());
  }

  private static CoordinationException tooMuch(
      AllocationReply reply, Ownership owner, AllocationRequest request) {
    String type = reply.type();
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "resource: %s has a total of %d, which swarm %s's %d exceeds; ask for less",
            type,
            reply.amount(),
            owner.swarmId(),
            request.amounts().get(type))
        .with("type", type)
        .with("total", reply.amount());
  }

  private static CoordinationException exhausted(
      AllocationReply reply, Ownership owner, AllocationRequest request) {
    String type = reply.type();
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "resource: %s has %d available%s, swarm %s asked for %d; try again, or wait longer",
            type,
            reply.amount(),
            reply.othersFirst() ? " and others wait for it" : "",
            owner.swarmId(),
            request.amounts().get(type))
        .with("type", type)
        .with("available", reply.amount())
        .retryAfter(RETRY_AFTER);
  }

  static CoordinationException ofRelease(
      ReleaseReply reply, Ownership owner, ReleaseRequest request) {
    return switch (reply.status()) {
      case "UNKNOWN" -> unknownType(request.type());
      case "FAILED_PRECONDITION" ->
          CoordinationException.of(
                  ErrorCode.FAILED_PRECONDITION,
                  "resource: swarm %s holds %d of %s and cannot release %s",
                  owner.swarmId(),
                  reply.held(),
                  request.type(),
                  request.amount())
              .with("held", reply.held());
      case OTHER -> otherContents(request.requestId(), owner);
      default -> OwnerRefusals.of(reply.status(), owner);
    };
  }

  static CoordinationException ofDefinition(DefinitionReply reply, PoolDefinition definition) {
    if (reply.status().equals("FAILED_PRECONDITION")) {
      return CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION,
              "resource: %d of %s is held, so its total cannot become %d; have some released",
              reply.held(),
              definition.type(),
              definition.total())
          .with("held", reply.held());
    }
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "resource: %s would be one type too many; at most %d are kept",
        definition.type(),
        RedisResources.MAX_POOLS);
  }

  private static CoordinationException unknownType(String type) {
    return CoordinationException.of(
        ErrorCode.NOT_FOUND, "resource: %s is not defined; define its total first", type);
  }
}
