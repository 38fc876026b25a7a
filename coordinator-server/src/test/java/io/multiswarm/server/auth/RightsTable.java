package io.multiswarm.server.auth;

import java.util.ArrayList;
import java.util.List;

/**
 * A call of every method, once about what is the caller's own and once about what is another's: a
 * swarm that the token's patterns match and the session holds, a task that the same principal or
 * such a swarm submitted. A test asserts that the table in docs/security.md is what {@link Rights}
 * decides on these calls, and another that a server decides so.
 */
public final class RightsTable {

  /** The pattern of the tokens. */
  public static final String PATTERN = "own-*";

  private static final String SWARM = "{\"swarmId\":\"$S\"}";
  private static final String TASK = "{\"taskId\":\"$T\"}";
  private static final String ATTEMPT = "{\"swarmId\":\"$S\",\"taskId\":\"$T\",\"attempt\":7}";
  private static final String COPY =
      "{\"swarmId\":\"$S\",\"snapshotId\":\"x\",\"checkpointId\":\"x\"}";
  private static final String MESSAGE = "\"from\":\"$S\",\"type\":\"t\",\"data\":1";
  private static final String OF_SWARM = "{\"channel\":\"swarm:$S\"}";
  private static final String SHARED = "{\"channel\":\"swarm:global\"}";

  /**
   * One line of the table.
   *
   * @param label the method, and what distinguishes the line from others of the method
   * @param params with {@code $S} for a swarm, {@code $K} for its key, {@code $T} for a task and
   *     {@code $N} for a swarm that there is not
   */
  public record Row(String label, String method, String params) {

    /** The parameters of a call. */
    public String params(String swarm, String key, String task, String unused) {
      return params
          .replace("$S", swarm)
          .replace("$K", key)
          .replace("$T", task)
          .replace("$N", unused);
    }
  }

  private RightsTable() {}

  public static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    add(rows, "session.ping", "{}");
    swarms(rows);
    messages(rows);
    tasks(rows);
    add(rows, "resource.define", "{\"type\":\"cpu\",\"total\":9}");
    add(rows, "resource.allocate", "{\"swarmId\":\"$S\",\"type\":\"cpu\",\"amount\":1}");
    add(rows, "resource.release", "{\"swarmId\":\"$S\",\"type\":\"cpu\"}");
    add(rows, "resource.list", "{}");
    rows.add(new Row("resource.list of a swarm", "resource.list", SWARM));
    add(rows, "conflict.resolve", "{\"type\":\"t\",\"swarmA\":\"$S\",\"swarmB\":\"other-2\"}");
    add(rows, "conflict.vote", "{\"swarmId\":\"$S\",\"conflictId\":\"none\",\"choice\":\"$S\"}");
    states(rows);
    add(rows, "stats.get", "{}");
    add(rows, "stats.subscribe", "{}");
    add(rows, "stats.unsubscribe", "{}");
    // Last, for the swarm is gone then.
    add(rows, "swarm.deregister", SWARM);
    return rows;
  }

  private static void swarms(List<Row> rows) {
    add(rows, "swarm.create", "{\"id\":\"$N\",\"objective\":\"o\"}");
    add(rows, "swarm.attach", "{\"swarmId\":\"$S\",\"key\":\"$K\"}");
    add(rows, "swarm.get", SWARM);
    add(rows, "swarm.list", "{}");
    add(rows, "swarm.update", SWARM);
    add(rows, "swarm.heartbeat", SWARM);
    add(rows, "swarm.pause", SWARM);
    add(rows, "swarm.resume", SWARM);
    add(rows, "swarm.interrupted", "{}");
    add(rows, "swarm.recover", SWARM);
    add(rows, "leader.get", "{}");
    add(rows, "node.list", "{}");
  }

  private static void messages(List<Row> rows) {
    add(rows, "message.send", "{\"to\":\"other-2\"," + MESSAGE + "}");
    add(rows, "message.broadcast", "{" + MESSAGE + "}");
    add(rows, "message.publish", "{\"channel\":\"swarm:tasks\"," + MESSAGE + "}");
    add(rows, "message.request", "{\"to\":\"other-2\",\"timeoutMs\":1," + MESSAGE + "}");
    add(rows, "message.reply", "{\"from\":\"$S\",\"requestId\":\"none\",\"data\":1}");
    for (String verb : List.of("subscribe", "history", "unsubscribe")) {
      add(rows, "channel." + verb, OF_SWARM);
      rows.add(new Row("channel." + verb + " of a shared channel", "channel." + verb, SHARED));
    }
    add(rows, "channel.request", "{\"channel\":\"swarm:$S\",\"n\":1}");
    rows.add(
        new Row(
            "channel.request of a shared channel",
            "channel.request",
            "{\"channel\":\"swarm:global\",\"n\":1}"));
  }

  private static void tasks(List<Row> rows) {
    add(rows, "task.submit", "{\"task\":{\"description\":\"d\"}}");
    String named = "{\"from\":\"$S\",\"task\":{\"description\":\"d\"}}";
    rows.add(new Row("task.submit in a swarm's name", "task.submit", named));
    add(rows, "task.submitBatch", "{\"tasks\":[{\"description\":\"d\"}]}");
    String all = "{\"from\":\"$S\",\"tasks\":[{\"description\":\"d\"}]}";
    rows.add(new Row("task.submitBatch in a swarm's name", "task.submitBatch", all));
    add(rows, "task.get", TASK);
    add(rows, "task.await", "{\"taskId\":\"$T\",\"timeoutMs\":1}");
    add(rows, "task.watch", TASK);
    rows.add(new Row("task.watch of a swarm's", "task.watch", "{\"from\":\"$S\"}"));
    add(rows, "task.list", "{}");
    rows.add(new Row("task.list of a swarm", "task.list", SWARM));
    rows.add(new Row("task.list of a swarm's submissions", "task.list", "{\"from\":\"$S\"}"));
    add(rows, "task.explain", TASK);
    add(rows, "task.adopt", "{\"taskId\":\"$T\",\"attempt\":7}");
    for (String report : List.of("task.extend", "task.complete", "task.release")) {
      add(rows, report, ATTEMPT);
    }
    add(rows, "task.fail", ATTEMPT.replace("}", ",\"error\":\"e\"}"));
    add(rows, "task.request", "{\"swarmId\":\"$S\",\"n\":1}");
    add(rows, "task.cancel", TASK);
    add(rows, "task.retry", TASK);
    add(rows, "task.cancelAll", "{\"type\":\"none\"}");
    add(rows, "task.retryAll", "{\"type\":\"none\"}");
    add(rows, "task.pause", "{}");
    add(rows, "task.resume", "{}");
  }

  private static void states(List<Row> rows) {
    add(rows, "state.save", "{\"swarmId\":\"$S\",\"state\":{}}");
    add(rows, "state.load", SWARM);
    add(rows, "state.update", "{\"swarmId\":\"$S\",\"patch\":{}}");
    add(rows, "state.delete", SWARM);
    for (String copies : List.of("snapshot", "checkpoint")) {
      add(rows, copies + ".create", "{\"swarmId\":\"$S\",\"data\":{}}");
      add(rows, copies + ".list", SWARM);
      add(rows, copies + ".restore", COPY);
      add(rows, copies + ".delete", COPY);
    }
  }

  private static void add(List<Row> rows, String method, String params) {
    rows.add(new Row(method, method, params));
  }

  /** The columns of the table: a token's scopes, and whose the thing is. */
  public enum Column {
    SWARM_OWN(Scope.SWARM, true),
    SWARM_OTHER(Scope.SWARM, false),
    SUBMIT_OWN(Scope.SUBMIT, true),
    SUBMIT_OTHER(Scope.SUBMIT, false),
    OBSERVE_OWN(Scope.OBSERVE, true),
    OBSERVE_OTHER(Scope.OBSERVE, false),
    ADMIN_OTHER(Scope.ADMIN, false);

    public final Scope scope;
    public final boolean own;

    Column(Scope scope, boolean own) {
      this.scope = scope;
      this.own = own;
    }
  }
}
