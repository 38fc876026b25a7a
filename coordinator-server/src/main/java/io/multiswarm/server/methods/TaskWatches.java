package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.Session;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a session watches: {@code task.updated} for each move, and the latest alone of a task whose
 * moves were not read meanwhile. Repeating a watch changes nothing.
 *
 * <p><b>Threading.</b> The connection's thread; updates come on any.
 */
final class TaskWatches {

  private final Session session;
  private final Map<String, Disposable> watches = new HashMap<>();

  private TaskWatches(Session session) {
    this.session = session;
    session.onEnd(this::endAll);
  }

  static TaskWatches of(Session session) {
    TaskWatches watches = session.part(TaskWatches.class, TaskWatches::new);
    if (watches.watches.size() >= session.limits().maxSubscriptions()) {
      throw CoordinationException.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "this session watches %d tasks, which is the limit; open another session",
          watches.watches.size());
    }
    return watches;
  }

  /** Tells of what a swarm submits, to the end of the session. */
  void submitter(String swarmId, Flux<TaskUpdate> updates, Disposable guard) {
    begin("from " + swarmId, updates, guard);
  }

  /**
   * Tells of one task until it has ended.
   *
   * @param missed asked once the updates come; gives how the task stands when that is news. An
   *     error is Redis's absence, over which moves are lost anyway.
   * @param guard ends with the watch
   */
  void task(String taskId, Flux<TaskUpdate> updates, Mono<TaskUpdate> missed, Disposable guard) {
    begin(
        "task " + taskId,
        updates
            .mergeWith(missed.onErrorComplete())
            .distinctUntilChanged()
            .takeUntil(update -> update.status().isEnded()),
        guard);
  }

  private void begin(String name, Flux<TaskUpdate> updates, Disposable guard) {
    if (session.isEnded() || watches.containsKey(name)) {
      guard.dispose();
      return;
    }
    Disposable.Swap updating = Disposables.swap();
    Disposable watch = Disposables.composite(updating, guard);
    watches.put(name, watch);
    updating.update(
        updates
            .doOnComplete(() -> session.peer().execute(() -> ended(name, watch)))
            .subscribe(update -> tell(name, update)));
  }

  private void tell(String name, TaskUpdate update) {
    Object key = List.of(name, update.taskId());
    session.sendLatest(key, Notification.TASK_UPDATED, () -> json(update));
  }

  private void ended(String name, Disposable watch) {
    watches.remove(name, watch);
    watch.dispose();
  }

  private static Json json(TaskUpdate update) {
    return JsonObject.with("taskId", update.taskId())
        .and("status", update.status().word())
        .and("attempt", update.attempt())
        .andPresent("swarmId", update.swarmId())
        .andPresent("from", update.from())
        .json();
  }

  private void endAll() {
    watches.values().forEach(Disposable::dispose);
    watches.clear();
  }
}
