package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.AnswerParts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An assignment, as {@code task.assigned} and the leases of {@code swarm.attach} tell it.
 *
 * @param input what the command reads: the task with its attempt, its swarm and what became of the
 *     attempts before
 * @param length how long it lasts unless it is renewed
 */
record Lease(TaskKey key, Json input, Duration length) {

  static Lease read(Json assignment) {
    Map<String, Json> members = assignment.members();
    Map<String, Json> task = new LinkedHashMap<>(member(members, "task").members());
    Json attempt = member(members, "attempt");
    task.put("attempt", attempt);
    task.put("swarmId", member(members, "swarmId"));
    if (members.containsKey("previous")) {
      task.put("previous", member(members, "previous"));
    }
    TaskKey key = new TaskKey(member(task, "id").text(), attempt.as(Long.class));
    return new Lease(
        key,
        AnswerParts.object(task),
        Duration.ofMillis(member(members, "leaseMs").as(Long.class)));
  }

  /** The attempt that a notification is about. */
  static TaskKey key(Map<String, Json> params) {
    return new TaskKey(member(params, "taskId").text(), member(params, "attempt").as(Long.class));
  }

  private static Json member(Map<String, Json> members, String name) {
    Json member = members.get(name);
    if (member == null) {
      throw new IllegalStateException("the server gave an assignment without " + name);
    }
    return member;
  }
}
