package io.multiswarm.tasks;

import java.util.Comparator;
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
}
