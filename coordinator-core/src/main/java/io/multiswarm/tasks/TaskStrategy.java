package io.multiswarm.tasks;

import io.multiswarm.common.Priority;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who should do what. The leader gives each lane a ranking of the swarms that have its required
 * capabilities and unused credit, and assigns the lane's next task to the first of it. Register own
 * strategies on every node with {@link TaskStrategies}.
 */
public interface TaskStrategy {

  /** Grammar of an id; in tasks, settings and assignments. */
  String name();

  /** Whether lanes that differ in nothing but priority need rankings of their own. */
  default boolean ranksByPriority() {
    return false;
  }

  /**
   * A new ranking.
   *
   * @param cursor what the ranking of this lane last gave as {@link Ranking#cursor}, perhaps under
   *     another leader; null when there is none
   */
  Ranking ranking(Lane lane, @Nullable String cursor);

  /** A strategy that is an order: the least is served first. The order must be total. */
  static TaskStrategy ordered(String name, Comparator<Candidate> order) {
    return new OrderedStrategy(name, false, lane -> order);
  }

  /**
   * A swarm as the leader sees it; immutable.
   *
   * @param load unfinished assignments
   * @param credit what it is ready to take
   * @param lastServed grows with each assignment in the fleet; 0 when it had none under this leader
   */
  record Candidate(
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

  /** The able swarms with credit, in the order of service. Used by one thread at a time. */
  interface Ranking {

    /** An able swarm with credit joins. */
    void add(Candidate candidate);

    /** Always called with what was added. */
    void remove(Candidate candidate);

    /** Who is next; null when there is nobody. Must not be slower than O(log n). */
    @Nullable Candidate first();

    /** {@link #first} was given a task. It is removed and added again with what changed of it. */
    default void served(Candidate candidate) {}

    /** What a successor must know to go on; null when that is nothing. A swarm id. */
    default @Nullable String cursor() {
      return null;
    }
  }
}
