package io.multiswarm.server.auth;

import static io.multiswarm.server.auth.Right.ADMINISTRATOR;
import static io.multiswarm.server.auth.Right.EVERYBODY;
import static io.multiswarm.server.auth.Scope.OBSERVE;
import static io.multiswarm.server.auth.Scope.SUBMIT;
import static io.multiswarm.server.auth.Scope.SWARM;
import static io.multiswarm.server.auth.Subject.ALL;
import static io.multiswarm.server.auth.Subject.CHANNEL;
import static io.multiswarm.server.auth.Subject.CONTESTANT;
import static io.multiswarm.server.auth.Subject.FROM;
import static io.multiswarm.server.auth.Subject.GIVEN_FROM;
import static io.multiswarm.server.auth.Subject.GIVEN_SWARM_ID;
import static io.multiswarm.server.auth.Subject.NEW_SWARM;
import static io.multiswarm.server.auth.Subject.NO_FROM;
import static io.multiswarm.server.auth.Subject.OWN_SUBMISSIONS;
import static io.multiswarm.server.auth.Subject.OWN_TASK;
import static io.multiswarm.server.auth.Subject.SWARMS_TASK;
import static io.multiswarm.server.auth.Subject.SWARMS_TASK_OR_LEASE;
import static io.multiswarm.server.auth.Subject.SWARM_CHANNEL;
import static io.multiswarm.server.auth.Subject.SWARM_ID;
import static io.multiswarm.server.auth.Subject.WATCHED_FROM;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every method takes. A method that is not named here does not exist for anybody: the server
 * does not start with one. The table in docs/security.md is made of this one.
 */
public final class Rights {

  private static final Right AS_SWARM = Right.of(SWARM, SWARM_ID);
  private static final Right IN_ITS_NAME = Right.of(SWARM, FROM);
  private static final Right OBSERVER = Right.of(OBSERVE, ALL);
  private static final Right LISTENER = Right.of(OBSERVE, CHANNEL).or(SWARM, SWARM_CHANNEL);
  private static final Right SUBMITTER = Right.of(SUBMIT, NO_FROM).or(SWARM, GIVEN_FROM);
  private static final Right TASK_READER =
      Right.of(OBSERVE, ALL).or(SUBMIT, OWN_TASK).or(SWARM, SWARMS_TASK_OR_LEASE);
  private static final Right TASK_OWNER = Right.of(SUBMIT, OWN_TASK).or(SWARM, SWARMS_TASK);

  private static final Right TASK_WATCHER = TASK_READER.or(SWARM, WATCHED_FROM);

  private final Map<String, Right> byMethod;

  private Rights(Map<String, Right> byMethod) {
    this.byMethod = new TreeMap<>(byMethod);
  }

  static Rights of(Map<String, Right> byMethod) {
    return new Rights(byMethod);
  }

  /** Those of the protocol. */
  public static Rights ofTheProtocol() {
    Map<String, Right> rights = new TreeMap<>();
    sessionsAndSwarms(rights);
    messages(rights);
    tasks(rights);
    resourcesAndConflicts(rights);
    states(rights);
    return new Rights(rights);
  }

  private static void sessionsAndSwarms(Map<String, Right> rights) {
    rights.put("session.open", EVERYBODY);
    rights.put("session.ping", EVERYBODY);
    rights.put("session.refresh", EVERYBODY);
    rights.put("swarm.create", Right.of(SWARM, NEW_SWARM));
    rights.put("swarm.attach", AS_SWARM);
    rights.put("swarm.get", Right.of(OBSERVE, ALL).or(SWARM, SWARM_ID));
    rights.put("swarm.list", OBSERVER.audited());
    rights.put("swarm.update", AS_SWARM);
    rights.put("swarm.heartbeat", AS_SWARM);
    rights.put("swarm.pause", AS_SWARM);
    rights.put("swarm.resume", AS_SWARM);
    rights.put("swarm.deregister", AS_SWARM);
    rights.put("swarm.interrupted", OBSERVER.audited());
    rights.put("swarm.recover", AS_SWARM);
    rights.put("leader.get", Right.of(OBSERVE, ALL).or(SWARM, ALL));
    rights.put("node.list", OBSERVER);
    rights.put("stats.get", OBSERVER);
    rights.put("stats.subscribe", OBSERVER);
    rights.put("stats.unsubscribe", OBSERVER);
  }

  private static void messages(Map<String, Right> rights) {
    rights.put("message.send", IN_ITS_NAME);
    rights.put("message.broadcast", IN_ITS_NAME);
    rights.put("message.publish", IN_ITS_NAME);
    rights.put("message.request", IN_ITS_NAME);
    rights.put("message.reply", IN_ITS_NAME);
    rights.put("channel.subscribe", LISTENER);
    rights.put("channel.request", LISTENER);
    rights.put("channel.unsubscribe", LISTENER);
    rights.put("channel.history", LISTENER);
  }

  private static void tasks(Map<String, Right> rights) {
    rights.put("task.submit", SUBMITTER);
    rights.put("task.submitBatch", SUBMITTER);
    rights.put("task.get", TASK_READER);
    rights.put("task.await", TASK_READER);
    rights.put(
        "task.list",
        Right.of(OBSERVE, ALL)
            .or(SUBMIT, OWN_SUBMISSIONS)
            .or(SWARM, GIVEN_SWARM_ID)
            .or(SWARM, GIVEN_FROM)
            .audited());
    rights.put("task.cancel", TASK_OWNER);
    rights.put("task.adopt", TASK_OWNER);
    rights.put("task.explain", TASK_READER);
    rights.put("task.retry", ADMINISTRATOR);
    rights.put("task.retryAll", ADMINISTRATOR);
    rights.put("task.cancelAll", ADMINISTRATOR);
    rights.put("task.pause", ADMINISTRATOR);
    rights.put("task.resume", ADMINISTRATOR);
    rights.put("task.request", AS_SWARM);
    rights.put("task.extend", AS_SWARM);
    rights.put("task.complete", AS_SWARM);
    rights.put("task.fail", AS_SWARM);
    rights.put("task.release", AS_SWARM);
    rights.put("task.watch", TASK_WATCHER);
  }

  private static void resourcesAndConflicts(Map<String, Right> rights) {
    rights.put("resource.define", ADMINISTRATOR);
    rights.put("resource.allocate", AS_SWARM);
    rights.put("resource.release", AS_SWARM);
    rights.put("resource.list", Right.of(OBSERVE, ALL).or(SWARM, GIVEN_SWARM_ID).audited());
    rights.put("conflict.resolve", Right.of(SWARM, CONTESTANT));
    rights.put("conflict.vote", AS_SWARM);
  }

  private static void states(Map<String, Right> rights) {
    for (String verb : Set.of("save", "load", "update", "delete")) {
      rights.put("state." + verb, AS_SWARM);
    }
    for (String verb : Set.of("create", "list", "restore", "delete")) {
      rights.put("snapshot." + verb, AS_SWARM);
      rights.put("checkpoint." + verb, AS_SWARM);
    }
  }

  /** What the method takes. */
  public Right of(String method) {
    Right right = byMethod.get(method);
    if (right == null) {
      throw new IllegalStateException(
          "No right is declared for the method " + method + ": say in Rights what it takes");
    }
    return right;
  }

  /** All methods that a right is declared for. */
  public Set<String> methods() {
    return new TreeSet<>(byMethod.keySet());
  }
}
