package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The strategies that a node knows, by name. The leader's count: register own ones on every node.
 *
 * <p><b>Threading.</b> Safe for concurrent use.
 */
public final class TaskStrategies {

  /** Fewest unfinished assignments; ties by longest without one. */
  public static final String LEAST_LOADED = "least_loaded";

  /** One cycle over the swarms that may take it. */
  public static final String ROUND_ROBIN = RoundRobin.NAME;

  /** Least loaded of the task's priority; when none of them has credit, of the others. */
  public static final String PRIORITY = "priority";

  /** Least loaded of the able; ties by fewest other capabilities. */
  public static final String CAPABILITY = "capability";

  private final Map<String, TaskStrategy> byName = new ConcurrentHashMap<>();

  /** With the four that are built in. */
  public TaskStrategies() {
    register(TaskStrategy.ordered(LEAST_LOADED, Candidate.BY_LOAD));
    register(new RoundRobin());
    register(new OrderedStrategy(PRIORITY, true, TaskStrategies::peersFirst));
    register(
        TaskStrategy.ordered(
            CAPABILITY,
            Comparator.comparingInt(Candidate::load)
                .thenComparingInt(candidate -> candidate.capabilities().size())
                .thenComparing(Candidate.BY_LOAD)));
  }

  /** Adds a strategy, or replaces one from the next leadership on. */
  public void register(TaskStrategy strategy) {
    byName.put(Ids.check("strategy", strategy.name()), strategy);
  }

  /** Of all strategies, sorted. */
  public Set<String> names() {
    return new TreeSet<>(byName.keySet());
  }

  /** Refuses a name that this node does not know. */
  public String check(String name) {
    if (!byName.containsKey(name)) {
      throw CoordinationException.invalid(
          "strategy", "\"%s\" is none of %s", name, String.join(", ", names()));
    }
    return name;
  }

  /** The strategy of that name; empty when there is none. */
  public Optional<TaskStrategy> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The built-in {@value #LEAST_LOADED}, which fleets follow that name none. */
  public TaskStrategy leastLoaded() {
    return find(LEAST_LOADED).orElseThrow();
  }

  private static Comparator<Candidate> peersFirst(Lane lane) {
    return Comparator.<Candidate>comparingInt(one -> one.priority() == lane.priority() ? 0 : 1)
        .thenComparing(Candidate.BY_LOAD);
  }
}
