package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Share;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The tasks that an agent was assigned and has not reported, the oldest first; as many as it gave
 * credit for.
 *
 * <p><b>Bounds.</b> What is held counts to the session's share of the node. A task is kept whole
 * until the agent is told of it, if the share has room; afterwards, for an agent that asks again,
 * so much of it as fits into {@link #SMALL}: the ledger has the rest.
 *
 * <p><b>Threading.</b> The session's thread.
 */
final class Held {

  /** Bytes of an assignment that is kept as it is. */
  static final int SMALL = 4 << 10;

  private static final int SHORT_DESCRIPTION = 1_000;
  private static final long MOST_ATTEMPT = (1L << 53) - 1;

  /** A task in the agent's hands. */
  static final class Task {

    private final String id;
    private final long attempt;
    private Json assignment;
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

    /** Gives it back after a while, unless the agent is told of it or loses it before. */
    void handBackBy(Disposable timer) {
      handBack.update(timer);
    }
  }

  private final Share share;
  private final Map<String, Task> tasks = new LinkedHashMap<>();

  Held(Share share) {
    this.share = share;
  }

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
    if (present != null) {
      drop(present);
    }
    Task task = new Task(id, attempt, taken(assignment));
    tasks.put(id, task);
    return task;
  }

  /** As much of the assignment as the share has room for, counted to it. */
  private Json taken(Json assignment) {
    if (assignment.length() > SMALL && share.take(assignment.length())) {
      return assignment;
    }
    Json small = small(assignment);
    share.add(small.length());
    return small;
  }

  /** Without the data of a large task, and with the beginning of its description. */
  private static Json small(Json assignment) {
    if (assignment.length() <= SMALL) {
      return assignment;
    }
    Params params = Params.of(assignment);
    Params task = params.params("task");
    return JsonObject.with(
            "task",
            JsonObject.with("id", task.string("id"))
                .andPresent("type", task.optionalString("type"))
                .and("description", Texts.shortened(task.string("description"), SHORT_DESCRIPTION))
                .json())
        .and("attempt", params.integer("attempt", 1, MOST_ATTEMPT))
        .and("leaseMs", params.integer("leaseMs", 0, MOST_ATTEMPT))
        .and(News.SHORTENED, true)
        .json();
  }

  private void drop(Task task) {
    task.handBack.dispose();
    share.give(task.assignment.length());
  }

  /**
   * @return whether that attempt was there
   */
  boolean remove(String id, long attempt) {
    Task present = tasks.get(id);
    if (present == null || present.attempt != attempt) {
      return false;
    }
    drop(present);
    tasks.remove(id);
    return true;
  }

  void clear() {
    tasks.values().forEach(this::drop);
    tasks.clear();
  }

  int size() {
    return tasks.size();
  }

  /**
   * The oldest that the agent was not told of, as in the notification {@code task.assigned}, or
   * {@link News#SHORTENED}.
   */
  @Nullable Json takeNew() {
    for (Task task : tasks.values()) {
      if (!task.given) {
        task.given = true;
        task.handBack.dispose();
        Json whole = task.assignment;
        task.assignment = small(whole);
        share.add(task.assignment.length());
        share.give(whole.length());
        return whole;
      }
    }
    return null;
  }

  @Nullable Json oldest() {
    return tasks.isEmpty() ? null : tasks.values().iterator().next().assignment;
  }
}
