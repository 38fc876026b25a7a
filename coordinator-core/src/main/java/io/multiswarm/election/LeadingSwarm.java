package io.multiswarm.election;

import io.multiswarm.internal.node.Holdings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the swarm in whose name a node leads is still there: attached, or detached and within its
 * grace. Confined like {@link ElectionState}.
 */
final class LeadingSwarm {

  private final Holdings holdings;
  private final Duration grace;
  private @Nullable Duration graceEnd;

  LeadingSwarm(Holdings holdings, Duration grace) {
    this.holdings = holdings;
    this.grace = grace;
  }

  boolean stays(String swarmId, Duration now) {
    if (holdings.find(swarmId).isPresent()) {
      graceEnd = null;
      return true;
    }
    return graceEnd != null && now.compareTo(graceEnd) < 0;
  }

  /** It lost its session and may come back. */
  void detached(Duration now) {
    graceEnd = now.plus(grace);
  }

  /** It will not come back, or does not matter any more. */
  void graceIsOver() {
    graceEnd = null;
  }

  /** Null while it is not detached. */
  @Nullable Duration graceEnd() {
    return graceEnd;
  }
}
