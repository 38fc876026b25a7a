package io.multiswarm.internal.tasks.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of tasks that the node has at hand for those who will ask for them: what came along
 * with an assignment, and what was read. Beyond a limit the swarm that has had some for longest
 * puts its own away, and reads them again when it is asked; so who does not ask keeps nothing from
 * the others.
 *
 * <p><b>Threading.</b> Any.
 */
final class BodiesAtHand {

  private static final long MOST_BYTES = 32L << 20;

  private final Map<AssignmentsInFlight, Integer> bytes = new LinkedHashMap<>();
  private long sum;

  /**
   * Adds to what a desk has.
   *
   * @return a desk that must put away what it has, and must be told so without any lock
   */
  synchronized @Nullable AssignmentsInFlight add(AssignmentsInFlight desk, int more) {
    bytes.merge(desk, more, Integer::sum);
    sum += more;
    return sum <= MOST_BYTES ? null : bytes.keySet().iterator().next();
  }

  synchronized void remove(AssignmentsInFlight desk, int less) {
    sum -= less;
    bytes.computeIfPresent(desk, (any, all) -> all <= less ? null : all - less);
  }
}
