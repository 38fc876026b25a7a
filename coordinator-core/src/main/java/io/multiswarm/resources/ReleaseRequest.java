package io.multiswarm.resources;

import io.multiswarm.common.Ids;
import org.jspecify.annotations.Nullable;

/**
 * What a swarm gives back of one type.
 *
 * @param amount null for all that it holds, which may be nothing
 * @param requestId tells a repetition, among the swarm's releases; 1 to {@value
 *     AllocationRequest#MAX_ID} characters
 */
public record ReleaseRequest(String type, @Nullable Long amount, String requestId) {

  public ReleaseRequest {
    Ids.check("type", type);
    if (amount != null) {
      Amounts.check("amount", amount);
    }
    AllocationRequest.checkId(requestId);
  }

  /** With a new request id. */
  public static ReleaseRequest of(String type, long amount) {
    return new ReleaseRequest(type, amount, Ids.unique("r"));
  }

  /** With a new request id. */
  public static ReleaseRequest ofAll(String type) {
    return new ReleaseRequest(type, null, Ids.unique("r"));
  }

  public ReleaseRequest withRequestId(String id) {
    return new ReleaseRequest(type, amount, id);
  }
}
