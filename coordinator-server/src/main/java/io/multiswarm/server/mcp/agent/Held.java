package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Params;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The tasks that an agent was assigned and has not reported, the oldest first; as many as it gave
 * credit for.
 *
 * <p><b>Threading.</b> The session's thread.
 */
final class Held {

  private static final long MOST_ATTEMPT = (1L << 53) - 1;

  /** A task in the agent's hands. */
  static final class Task {

    private final String id;
    private final long attempt;
    private final Json assignment;
    private final Disposable.Swap handBack = Disposables.swap();
    private boolean given;

    private Task(String id, long attempt, Json assignment) {
      this.id = id;
      this.attempt = attempt;
      this.assignment = assignment;
    }

    String id() {
      return id;
    }

    long attempt() {
      return attempt;
    }

    /** As in the notification {@code task.assigned}. */
    Json assignment() {
      return assignment;
    }

    /** Gives it back after a while, unless the agent is told of it or loses it before. */
    void handBackBy(Disposable timer) {
      handBack.update(timer);
    }
  }

  private final Map<String, Task> tasks = new LinkedHashMap<>();

  /**
   * @return null for an attempt that is there already
   */
  @Nullable Task add(Json assignment) {
    Params params = Params.of(assignment);
    String id = params.params("task").string("id");
    long attempt = params.integer("attempt", 1, MOST_ATTEMPT);
    Task present = tasks.get(id);
    if (present != null && present.attempt >= attempt) {
      return null;
    }
    Task task = new Task(id, attempt, assignment);
    if (present != null) {
      present.handBack.dispose();
    }
    tasks.put(id, task);
    return task;
  }

  /**
   * @return whether that attempt was there
   */
  boolean remove(String id, long attempt) {
    Task present = tasks.get(id);
    if (present == null || present.attempt != attempt) {
      return false;
    }
    present.handBack.dispose();
    tasks.remove(id);
    return true;
  }

  void clear() {
    tasks.values().forEach(task -> task.handBack.dispose());
    tasks.clear();
  }

  int size() {
    return tasks.size();
  }

  /** The oldest that the agent was not told of. */
  @Nullable Task takeNew() {
    for (Task task : tasks.values()) {
      if (!task.given) {
        task.given = true;
        task.handBack.dispose();
        return task;
      }
    }
    return null;
  }

  @Nullable Task oldest() {
    return tasks.isEmpty() ? null : tasks.values().iterator().next();
  }
}
