package io.multiswarm.internal.election;

import io.multiswarm.internal.node.AttachedSwarms;
import org.jspecify.annotations.Nullable;

/**
 * What makes a campaign recognisable when it is repeated because its answer did not come. Confined
 * like {@link ElectionState}.
 */
final class Nonces {

  private long last;
  private AttachedSwarms.@Nullable Held unanswered;

  /** The last one while a campaign of the candidate is without an answer, else the next. */
  long of(AttachedSwarms.Held candidate) {
    if (!candidate.equals(unanswered)) {
      unanswered = candidate;
      last++;
    }
    return last;
  }

  void answered() {
    unanswered = null;
  }
}
