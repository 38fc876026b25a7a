package io.multiswarm.server.methods;

import io.multiswarm.common.Ownership;
import io.multiswarm.server.session.Session;
import io.multiswarm.tasks.TaskWorkers;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells a session what its swarms are given and what is taken from them, by a {@link TaskFeed} for
 * each swarm that it works for.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class TaskFeeds {

  private static final long ADMINISTRATOR = 0;

  private final Session session;
  private final TaskWorkers workers;
  private final Map<String, TaskFeed> bySwarm = new HashMap<>();

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
    TaskFeed present = bySwarm.get(owner.swarmId());
    boolean told = present != null && present.owner().equals(owner) && !present.isOver();
    if (told || owner.incarnation() == ADMINISTRATOR || session.isEnded()) {
      return;
    }
    if (present != null) {
      end(present);
    }
    TaskFeed feed = new TaskFeed(owner, session);
    bySwarm.put(owner.swarmId(), feed);
    session.addSource(feed);
    feed.begin(workers, () -> session.peer().execute(() -> end(feed)));
  }

  private void end(TaskFeed feed) {
    bySwarm.remove(feed.owner().swarmId(), feed);
    session.removeSource(feed);
    feed.end();
  }

  private void endAll() {
    bySwarm.values().forEach(TaskFeed::end);
    bySwarm.clear();
  }
}
