package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.auth.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many subscriptions to channels each principal may have on this node, whose memory they take,
 * in all of its sessions together. Who came without a token is nobody's, and not counted.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class SubscriptionQuota {

  private final int most;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  public SubscriptionQuota(int most) {
    this.most = most;
  }

  /** Counts one more, or refuses it with {@code RESOURCE_EXHAUSTED}. */
  void take(Principal who) {
    if (who.isAuthenticated() && counts.merge(who.name(), 1, Integer::sum) > most) {
      giveBack(who);
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "%s has %d subscriptions on this node, which is the limit"
              + " (MAX_SUBSCRIPTIONS_PER_PRINCIPAL)",
          who.name(),
          most);
    }
  }

  /** Counts one less. */
  void giveBack(Principal who) {
    if (who.isAuthenticated()) {
      counts.computeIfPresent(who.name(), (any, count) -> count == 1 ? null : count - 1);
    }
  }
}
