package io.multiswarm.server.session;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.auth.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much of one thing each principal may have on this node, in all of its sessions together. Who
 * came without a token is nobody's, and not counted.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
final class Quota {

  private final String setting;
  private final String things;
  private final int most;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  /**
   * @param setting that says how many
   * @param things in a refusal
   */
  Quota(String setting, String things, int most) {
    this.setting = setting;
    this.things = things;
    this.most = most;
  }

  /** Counts one more, or refuses it with {@code RESOURCE_EXHAUSTED}. */
  void take(Principal who) {
    if (who.isAuthenticated() && counts.merge(who.name(), 1, Integer::sum) > most) {
      giveBack(who);
      throw refused(who);
    }
  }

  /** Refuses with {@code RESOURCE_EXHAUSTED} who has as many as it may. */
  void check(Principal who) {
    if (who.isAuthenticated() && counts.getOrDefault(who.name(), 0) >= most) {
      throw refused(who);
    }
  }

  /** Counts one more that has come about, so that it is too late to refuse it. */
  void add(Principal who) {
    if (who.isAuthenticated()) {
      counts.merge(who.name(), 1, Integer::sum);
    }
  }

  /** Counts one less. */
  void giveBack(Principal who) {
    if (who.isAuthenticated()) {
      counts.computeIfPresent(who.name(), (any, count) -> count == 1 ? null : count - 1);
    }
  }

  private CoordinationException refused(Principal who) {
    return CoordinationException.of(
        ErrorCode.RESOURCE_EXHAUSTED,
        "%s has %d %s on this node, which is the limit (%s)",
        who.name(),
        most,
        things,
        setting);
  }
}
