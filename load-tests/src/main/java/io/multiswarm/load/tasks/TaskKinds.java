package io.multiswarm.load.tasks;

import io.multiswarm.common.Priority;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What swarms and tasks have that a strategy looks at: capabilities, or a priority. Of each kind
 * there are about as many, and tasks of each kind come in turn. Swarms and tasks are numbered from
 * 0.
 */
enum TaskKinds {
  /** All are alike. */
  NONE,

  /** Every swarm is able to do one thing or two, and every task needs one. */
  CAPABILITIES {
    @Override
    Map<String, Object> profile(int swarm, int swarms) {
      return Map.of(
          "metadata",
          Map.of("capabilities", Stream.of(one(swarm), another(swarm)).distinct().toList()));
    }

    @Override
    boolean isAble(int swarm, long task, int swarms) {
      String needed = needed(task, swarms);
      return needed.equals(one(swarm)) || needed.equals(another(swarm));
    }

    @Override
    List<String> capabilities(long task, int swarms) {
      return List.of(needed(task, swarms));
    }

    private String one(int swarm) {
      return WORDS.get(swarm % WORDS.size());
    }

    private String another(int swarm) {
      return WORDS.get(swarm / WORDS.size() % WORDS.size());
    }

    /** Nothing that no swarm is able to do, however few there are. */
    private String needed(long task, int swarms) {
      return WORDS.get((int) (task % Math.min(WORDS.size(), swarms)));
    }
  },

  PRIORITIES {
    @Override
    Map<String, Object> profile(int swarm, int swarms) {
      return Map.of("metadata", Map.of("priority", priority(swarm).word()));
    }

    @Override
    Priority priority(long number) {
      return Priority.values()[(int) (number % Priority.values().length)];
    }
  };

  private static final List<String> WORDS = List.of("draw", "read", "speak", "write");

  /** Those that make a difference to a strategy. */
  static TaskKinds of(String strategy) {
    return switch (strategy) {
      case "capability" -> CAPABILITIES;
      case "priority" -> PRIORITIES;
      default -> NONE;
    };
  }

  /** What {@code swarm.create} is told. */
  Map<String, Object> profile(int swarm, int swarms) {
    return Map.of();
  }

  /** Whether a swarm may be given a task. */
  boolean isAble(int swarm, long task, int swarms) {
    return true;
  }

  /** What a task requires. */
  List<String> capabilities(long task, int swarms) {
    return List.of();
  }

  /** Of a task. */
  Priority priority(long task) {
    return Priority.NORMAL;
  }
}
