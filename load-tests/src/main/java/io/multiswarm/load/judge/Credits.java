package io.multiswarm.load.judge;

import java.util.HashMap;
import java.util.Map;

/**
 * What swarms asked for and have not been given. Credit belongs to an attachment: with the next one
 * what is left of it is void, and counts only for tasks that are found to have been assigned
 * before. Confined to one thread at a time.
 */
final class Credits {

  private final Map<String, Credit> swarms = new HashMap<>();

  private static final class Credit {
    private long unused;
    private long ofFormerAttachments;
  }

  void requested(String swarm, long n) {
    of(swarm).unused += n;
  }

  void attached(String swarm) {
    Credit credit = of(swarm);
    credit.ofFormerAttachments += Math.max(0, credit.unused);
    credit.unused = 0;
  }

  /** Whether there was credit for an assignment. */
  boolean use(String swarm) {
    return --of(swarm).unused >= 0;
  }

  /** Whether there was credit for an assignment to a former attachment. */
  boolean useFormer(String swarm) {
    return --of(swarm).ofFormerAttachments >= 0;
  }

  private Credit of(String swarm) {
    return swarms.computeIfAbsent(swarm, any -> new Credit());
  }
}
