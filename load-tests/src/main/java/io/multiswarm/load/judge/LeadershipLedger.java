package io.multiswarm.load.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The history of leaderships, and of what leaders wrote, in the order in which Redis carried it
 * out. The promises it is held against: epochs only grow; a leader writes in its own name; once a
 * newer leadership has begun, or its own was given up, no write of a leader is accepted any more.
 *
 * <p>That order is all it needs: no clock, and no trust in what a node says of itself. It may be
 * told from several threads, by one at a time.
 */
public final class LeadershipLedger {

  private static final int MAX_EXAMPLES = 10;

  private final Map<Long, String> leaders = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private boolean interrupted;
  private long newest;
  private long released;
  private long leaderships;
  private long writes;
  private long epochsNotGrown;
  private long staleWrites;
  private long foreignWrites;

  /** A leadership began. */
  public synchronized void began(long epoch, String leader) {
    interrupted = false;
    leaderships++;
    if (epoch <= newest) {
      epochsNotGrown++;
      example("%s leads with epoch %d, after epoch %d", leader, epoch, newest);
    }
    newest = Math.max(newest, epoch);
    leaders.putIfAbsent(epoch, leader);
  }

  /**
   * Something may not have been told, such as the beginning of a leadership: the first that is told
   * of a newer one is taken for it.
   */
  public synchronized void interrupted() {
    interrupted = true;
  }

  /** A leadership was given up. */
  public synchronized void released(long epoch) {
    released = Math.max(released, epoch);
  }

  /** A write that only the leader may do was accepted. */
  public synchronized void wrote(long epoch, String leader) {
    if (interrupted && epoch > newest) {
      began(epoch, leader);
    }
    writes++;
    if (epoch < newest || epoch <= released) {
      staleWrites++;
      example(
          "a write of %s with epoch %d was accepted after epoch %d had begun and %d was given up",
          leader, epoch, newest, released);
    }
    if (!leader.equals(leaders.get(epoch))) {
      foreignWrites++;
      example(
          "a write of %s with epoch %d was accepted, whose leader is %s",
          leader, epoch, leaders.getOrDefault(epoch, "nobody"));
    }
  }

  public synchronized LeadershipVerdict verdict() {
    return new LeadershipVerdict(leaderships, writes, epochsNotGrown, staleWrites, foreignWrites);
  }

  /** A few of the things that went wrong, in words. */
  public synchronized List<String> examples() {
    return List.copyOf(examples);
  }

  private void example(String format, Object... arguments) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(format.formatted(arguments));
    }
  }
}
