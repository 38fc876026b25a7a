package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.Session;
import io.multiswarm.tasks.Revocation;
import io.multiswarm.tasks.TaskWorkers;
import java.util.HashMap;
import java.util.Map;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Tells a session what its swarms are given and what is taken from them. What is given is bounded
 * by the credit that the session gave.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class TaskFeeds {

  private static final long ADMINISTRATOR = 0;

  private final Session session;
  private final TaskWorkers workers;
  private final Map<String, Feed> bySwarm = new HashMap<>();

  private record Feed(Ownership owner, Disposable subscriptions) {}

  private TaskFeeds(Session session, TaskWorkers workers) {
    this.session = session;
    this.workers = workers;
    session.onEnd(this::endAll);
  }

  static TaskFeeds of(Session session, TaskWorkers workers) {
    return session.part(TaskFeeds.class, any -> new TaskFeeds(session, workers));
  }

  /** Begins to tell, unless that has begun; it ends with the ownership. */
  void begin(Ownership owner) {
    Feed present = bySwarm.get(owner.swarmId());
    boolean told = present != null && present.owner().equals(owner);
    if (told || owner.incarnation() == ADMINISTRATOR || session.isEnded()) {
      return;
    }
    if (present != null) {
      present.subscriptions().dispose();
    }
    Feed feed = new Feed(owner, subscribe(owner));
    bySwarm.put(owner.swarmId(), feed);
  }

  /** An error is the end of the ownership, which the session is told of by the registry. */
  private Disposable subscribe(Ownership owner) {
    return Disposables.composite(
        workers
            .received(owner)
            .subscribe(
                given -> session.send(Notification.TASK_ASSIGNED, given.toJson()), over -> {}),
        workers
            .revocations(owner)
            .subscribe(taken -> session.send(Notification.TASK_REVOKED, json(taken)), over -> {}));
  }

  private static Json json(Revocation revocation) {
    return JsonObject.with("swarmId", revocation.swarmId())
        .and("taskId", revocation.taskId())
        .and("attempt", revocation.attempt())
        .and("reason", revocation.reason())
        .json();
  }

  private void endAll() {
    bySwarm.values().forEach(feed -> feed.subscriptions().dispose());
    bySwarm.clear();
  }
}
