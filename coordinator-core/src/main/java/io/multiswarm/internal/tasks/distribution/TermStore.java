package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.tasks.distribution.Assigner.Outcome;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/** What one leadership's distribution reads of the queue, and how it changes it. */
interface TermStore {

  /** The fleet's strategy; empty when it was never switched. */
  Mono<String> strategy();

  /** Whether nobody may be given tasks. */
  Mono<Boolean> isPaused();

  /** Where the cycles of round-robin stand, by ring. */
  Mono<Map<String, String>> cursors();

  /** Lanes that have places. */
  Mono<Set<String>> lanes();

  /** The oldest places of a lane. */
  Mono<List<String>> places(String lane, int most);

  /** Empty when nobody may be given tasks; {@code FENCED} when the leadership is over. */
  Mono<Outcome> assign(Plan plan);

  /**
   * Tells how many tasks wait that no attached swarm can take; {@code FENCED} when the leadership
   * is over.
   *
   * @param events the data of an event for each lane that began to wait so, JSON
   */
  Mono<Void> tellUnroutable(long waiting, List<String> events);
}
