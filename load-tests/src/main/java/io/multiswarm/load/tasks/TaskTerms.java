package io.multiswarm.load.tasks;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What a task is told beyond its id and its data, by its number. */
final class TaskTerms {

  /** A multiple of the numbers of all kinds. */
  private static final int PERIOD = 12;

  private final String strategy;
  private final Duration lease;
  private final TaskKinds kinds;
  private final int swarms;
  private final List<String> json;

  /**
   * @param strategy empty for the server's own choice
   * @param lease zero for the server's own choice
   */
  TaskTerms(String strategy, int swarms, Duration lease) {
    this.strategy = strategy;
    this.lease = lease;
    this.kinds = TaskKinds.of(strategy);
    this.swarms = swarms;
    this.json = IntStream.range(0, PERIOD).mapToObj(this::write).toList();
  }

  private String write(int task) {
    String named =
        (strategy.isEmpty() ? "" : ",\"strategy\":\"" + strategy + "\"")
            + (lease.isZero() ? "" : ",\"timeoutMs\":" + lease.toMillis());
    return switch (kinds) {
      case NONE -> named;
      case CAPABILITIES ->
          named
              + ",\"capabilities\":[\""
              + String.join("\",\"", kinds.capabilities(task, swarms))
              + "\"]";
      case PRIORITIES -> named + ",\"priority\":\"" + kinds.priority(task).word() + "\"";
    };
  }

  TaskKinds kinds() {
    return kinds;
  }

  String strategy() {
    return strategy;
  }

  int swarms() {
    return swarms;
  }

  /** Further members of a task, each after a comma. */
  String json(long task) {
    return json.get((int) (task % PERIOD));
  }

  boolean isAble(int swarm, long task) {
    return kinds.isAble(swarm, task, swarms);
  }
}
