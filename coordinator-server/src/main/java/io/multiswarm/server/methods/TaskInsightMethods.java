package io.multiswarm.server.methods;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.tasks.TaskExplanation;
import io.multiswarm.tasks.TaskExplanation.Reason;
import io.multiswarm.tasks.TaskQueue;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * {@code task.*} as operators use it: why a task waits, what came too late, and a fleet's pause.
 */
final class TaskInsightMethods implements MethodTable.Group {

  private static final long MAX_ATTEMPT = (1L << 53) - 1;

  private final TaskQueue queue;

  TaskInsightMethods(TaskQueue queue) {
    this.queue = queue;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("task.explain", this::explain)
        .method("task.adopt", this::adopt)
        .method("task.pause", call -> queue.pause().thenReturn(paused(true)))
        .method("task.resume", call -> queue.resume().thenReturn(paused(false)));
  }

  private Mono<Json> explain(Call call) {
    return queue.explain(taskId(call)).map(TaskInsightMethods::explained);
  }

  private static Json explained(TaskExplanation why) {
    Duration due = why.due();
    return JsonObject.with("taskId", why.taskId())
        .and("status", why.status().word())
        .and("reason", why.reason().word())
        .and("detail", why.detail())
        .and("attempts", why.attempts())
        .andPresent("swarmId", why.swarmId())
        .andPresent("dueMs", due == null ? null : due.toMillis())
        .andPresent("ahead", why.reason() == Reason.BEHIND ? why.ahead() : null)
        .json();
  }

  private Mono<Json> adopt(Call call) {
    String taskId = taskId(call);
    long attempt = call.params().integer("attempt", 1, MAX_ATTEMPT);
    return queue.adopt(taskId, attempt).then(Mono.empty());
  }

  private static String taskId(Call call) {
    return Ids.check("taskId", call.params().string("taskId"));
  }

  /** The answer to every method that pauses or resumes. */
  static Json paused(boolean is) {
    return JsonObject.with("paused", is).json();
  }
}
