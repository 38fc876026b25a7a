package io.multiswarm.internal.election;

import io.multiswarm.internal.node.AttachedSwarms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the swarm in whose name a node leads is still there: attached, or detached and within its
 * grace. Confined like {@link ElectionState}.
 *
 * <p>The holdings change before it is told why: until then the swarm counts as being there.
 */
final class LeadingSwarm {

  private final AttachedSwarms holdings;
  private final Duration grace;
  private @Nullable Duration graceEnd;
  private boolean gone;

  LeadingSwarm(AttachedSwarms holdings, Duration grace) {
    this.holdings = holdings;
    this.grace = grace;
  }

  /** It leads from now on. */
  void leads(String swarmId) {
    graceEnd = null;
    gone = holdings.find(swarmId).isEmpty();
  }

  boolean stays(String swarmId, Duration now) {
    if (holdings.find(swarmId).isPresent()) {
      graceEnd = null;
      gone = false;
      return true;
    }
    return !gone && (graceEnd == null || now.compareTo(graceEnd) < 0);
  }

  /** It lost its session and may come back. */
  void detached(Duration now) {
    graceEnd = now.plus(grace);
  }

  /** It will not come back. */
  void gone() {
    graceEnd = null;
    gone = true;
  }

  /** It does not lead any more. */
  void forget() {
    graceEnd = null;
    gone = false;
  }

  /** Null while it is not detached. */
  @Nullable Duration graceEnd() {
    return graceEnd;
  }
}
