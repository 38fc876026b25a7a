package io.multiswarm.internal.recovery;

import io.multiswarm.internal.tasks.queue.TaskTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sorts tasks by swarm, and by what they are to it. For one thread. */
final class TasksBySwarm {

  private final Set<String> wanted;
  private final Map<String, Pile> piles = new HashMap<>();

  TasksBySwarm(Collection<String> swarmIds) {
    this.wanted = new HashSet<>(swarmIds);
  }

  void add(TaskTrace task) {
    String swarmId = task.swarmId();
    if (swarmId != null && wanted.contains(swarmId)) {
      pile(swarmId).add(task);
    }
    task.before().stream().filter(wanted::contains).forEach(had -> pile(had).gone.add(task.id()));
  }

  private Pile pile(String swarmId) {
    return piles.computeIfAbsent(swarmId, any -> new Pile());
  }

  Map<String, TaskFacts> facts() {
    Map<String, TaskFacts> facts = new HashMap<>();
    piles.forEach((swarmId, pile) -> facts.put(swarmId, pile.facts()));
    return facts;
  }

  /** The tasks of one swarm. */
  private static final class Pile {
    private final List<String> completed = new ArrayList<>();
    private final List<String> inProgress = new ArrayList<>();
    private final List<String> requeued = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private Duration sum = Duration.ZERO;
    private int measured;

    void add(TaskTrace task) {
      switch (task.status()) {
        case COMPLETED -> completed.add(task.id());
        case ASSIGNED -> inProgress.add(task.id());
        case PENDING -> requeued.add(task.id());
        default -> gone.add(task.id());
      }
      Duration took = task.took();
      if (took != null) {
        sum = sum.plus(took);
        measured++;
      }
    }

    TaskFacts facts() {
      return new TaskFacts(
          completed, inProgress, requeued, gone, measured == 0 ? null : sum.dividedBy(measured));
    }
  }
}
