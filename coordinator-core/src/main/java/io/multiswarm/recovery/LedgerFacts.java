package io.multiswarm.recovery;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Facts from the newest tasks of the ledger: enough for a plan, and bounded. */
public final class LedgerFacts implements RecoveryFacts {

  private static final TaskQuery NEWEST = new TaskQuery(null, null, TaskQuery.MAX_LIMIT, null);

  private final TaskQueue tasks;
  private final Function<String, Mono<Map<String, Long>>> resources;

  /**
   * @param resources tells the amounts by type that a swarm holds
   */
  public LedgerFacts(TaskQueue tasks, Function<String, Mono<Map<String, Long>>> resources) {
    this.tasks = tasks;
    this.resources = resources;
  }

  @Override
  public Mono<Map<String, TaskFacts>> tasks(Collection<String> swarmIds) {
    Set<String> wanted = new HashSet<>(swarmIds);
    return tasks.list(NEWEST).map(page -> sorted(page.tasks(), wanted));
  }

  @Override
  public Mono<Map<String, Long>> resources(String swarmId) {
    return resources.apply(swarmId);
  }

  private static Map<String, TaskFacts> sorted(List<Task> tasks, Set<String> wanted) {
    Map<String, Pile> piles = new HashMap<>();
    for (Task task : tasks) {
      String swarmId = swarmOf(task);
      if (swarmId != null && wanted.contains(swarmId)) {
        piles.computeIfAbsent(swarmId, any -> new Pile()).add(task);
      }
    }
    Map<String, TaskFacts> facts = new HashMap<>();
    piles.forEach((swarmId, pile) -> facts.put(swarmId, pile.facts()));
    return facts;
  }

  /** Who has or ended the task; of a task that waits, who had it last. */
  private static @Nullable String swarmOf(Task task) {
    if (task.status() != TaskStatus.PENDING) {
      return task.swarmId();
    }
    List<Json> history = task.history();
    for (int i = history.size() - 1; i >= 0; i--) {
      Json swarmId = history.get(i).members().get("swarmId");
      if (swarmId != null) {
        return swarmId.text();
      }
    }
    return null;
  }

  /** The tasks of one swarm, as they are sorted. */
  private static final class Pile {
    private final List<String> completed = new ArrayList<>();
    private final List<String> inProgress = new ArrayList<>();
    private final List<String> requeued = new ArrayList<>();
    private Duration sum = Duration.ZERO;
    private int measured;

    void add(Task task) {
      switch (task.status()) {
        case COMPLETED -> {
          completed.add(task.id());
          measure(task);
        }
        case ASSIGNED -> inProgress.add(task.id());
        case PENDING -> requeued.add(task.id());
        default -> {
          // Dead and cancelled tasks are no work any more.
        }
      }
    }

    /** The last two notes of a completed task are its assignment and its completion. */
    private void measure(Task task) {
      List<Json> history = task.history();
      if (history.size() >= 2) {
        long began = at(history.get(history.size() - 2));
        sum = sum.plusMillis(Math.max(0, at(history.get(history.size() - 1)) - began));
        measured++;
      }
    }

    private static long at(Json note) {
      Json at = note.members().get("at");
      return at == null ? 0 : Long.parseLong(at.toString());
    }

    TaskFacts facts() {
      return new TaskFacts(
          completed, inProgress, requeued, measured == 0 ? null : sum.dividedBy(measured));
    }
  }
}
