package io.multiswarm.resources;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Texts;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a swarm asks for, all or nothing.
 *
 * @param amounts by type; 1 to {@value #MAX_TYPES} types
 * @param maxWait zero to be refused at once
 * @param requestId tells a repetition; 1 to {@value #MAX_ID} characters
 */
public record AllocationRequest(Map<String, Long> amounts, Duration maxWait, String requestId) {

  public static final Duration LONGEST_WAIT = Duration.ofHours(1);

  static final int MAX_TYPES = 100;
  static final int MAX_ID = 128;

  public AllocationRequest {
    amounts = new TreeMap<>(amounts);
    if (amounts.isEmpty() || amounts.size() > MAX_TYPES) {
      throw CoordinationException.invalid("resources", "must name 1 to %d types", MAX_TYPES);
    }
    amounts.forEach(
        (type, amount) -> Amounts.check("resources." + Ids.check("type", type), amount));
    if (maxWait.isNegative() || maxWait.compareTo(LONGEST_WAIT) > 0) {
      throw CoordinationException.invalid(
          "wait", "must be 0 to %d ms, is %d", LONGEST_WAIT, maxWait);
    }
    checkId(requestId);
  }

  static void checkId(String requestId) {
    Texts.checkWord("requestId", requestId, MAX_ID);
  }

  /** All or nothing, at once. */
  public static AllocationRequest of(String type, long amount) {
    return of(Map.of(type, amount));
  }

  /** Without waiting, with a new request id. */
  public static AllocationRequest of(Map<String, Long> amounts) {
    return new AllocationRequest(amounts, Duration.ZERO, Ids.unique("r"));
  }

  /** The same, waiting that long for others to release it. */
  public AllocationRequest waiting(Duration atMost) {
    return new AllocationRequest(amounts, atMost, requestId);
  }

  public AllocationRequest withRequestId(String id) {
    return new AllocationRequest(amounts, maxWait, id);
  }
}
