package io.multiswarm.tasks;

import io.multiswarm.common.Priority;
import java.util.Comparator;
import java.util.Set;

/**
 * A swarm as the leader sees it; immutable.
 *
 * @param load unfinished assignments
 * @param credit what it is ready to take
 * @param lastServed grows with each assignment in the fleet; 0 when it had none under this leader
 */
public record Candidate(
    String swarmId,
    Priority priority,
    Set<String> capabilities,
    int load,
    int credit,
    long lastServed) {

  /** Fewest unfinished assignments, then longest without one. Total. */
  public static final Comparator<Candidate> BY_LOAD =
      Comparator.comparingInt(Candidate::load)
          .thenComparingLong(Candidate::lastServed)
          .thenComparing(Candidate::swarmId);

  /** Whether it has every capability that the task asks for. */
  public boolean isAble(Lane lane) {
    return capabilities.containsAll(lane.capabilities());
  }
}
