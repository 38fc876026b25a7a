package io.multiswarm.server.methods;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskFilter;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskQueue.BulkChange;
import io.multiswarm.tasks.TaskQueue.TaskPage;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code task.*} on all tasks that fit a filter: to list, to cancel and to revive them. */
final class TaskSearchMethods implements MethodTable.Group {

  private static final long MAX_AGE = (1L << 53) - 1;
  private static final int DEFAULT_CHANGES = 1_000;

  private static final Set<String> FILTERS =
      Set.of(
          "status", "swarmId", "from", "type", "capability", "priority", "strategy", "olderThanMs");

  private final TaskQueue queue;

  TaskSearchMethods(TaskQueue queue) {
    this.queue = queue;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .large("task.list", this::list)
        .method("task.cancelAll", call -> change(call, queue::cancelAll))
        .method("task.retryAll", call -> change(call, queue::retryAll));
  }

  private Mono<Json> list(Call call) {
    Params params = call.params();
    TaskQuery query =
        new TaskQuery(
            filter(params)
                .withPrincipal(call.isConfined() ? call.session().principal().name() : null),
            (int) params.integer("limit", TaskQuery.DEFAULT_LIMIT, 1, TaskQuery.MAX_LIMIT),
            params.optionalString("cursor"));
    return queue.list(query).map(TaskSearchMethods::page);
  }

  private static Json page(TaskPage page) {
    return JsonObject.empty()
        .and("tasks", page.tasks().stream().map(Task::toJson).toList())
        .andPresent("nextCursor", page.nextCursor())
        .json();
  }

  private interface Change {
    Mono<BulkChange> of(TaskFilter filter, int limit);
  }

  /** A word that is not understood may be a filter that would spare most tasks: it is refused. */
  private static Mono<Json> change(Call call, Change change) {
    Params params = call.params();
    int limit = (int) params.integer("limit", DEFAULT_CHANGES, 1, TaskQueue.MOST_CHANGES);
    boolean dryRun = params.bool("dryRun", false);
    TaskFilter filter = filter(params);
    Set<String> unknown = new HashSet<>(params.names());
    unknown.removeAll(FILTERS);
    unknown.removeAll(Set.of("limit", "dryRun"));
    if (!unknown.isEmpty()) {
      throw params.refused(unknown.iterator().next(), "is no filter of tasks");
    }
    return change
        .of(filter, dryRun ? 0 : limit)
        .map(
            done ->
                JsonObject.with("matched", done.matched()).and("changed", done.changed()).json());
  }

  private static TaskFilter filter(Params params) {
    String status = params.optionalString("status");
    String priority = params.optionalString("priority");
    return TaskFilter.ANY
        .withStatus(status == null ? null : TaskStatus.parse("status", status))
        .withSwarmId(swarm(params, "swarmId"))
        .withFrom(swarm(params, "from"))
        .withType(params.optionalString("type"))
        .withCapability(params.has("capability") ? params.words("capability") : null)
        .withPriority(priority == null ? null : Priority.parse("priority", priority))
        .withStrategy(params.optionalString("strategy"))
        .withMinAge(
            params.has("olderThanMs")
                ? Duration.ofMillis(params.integer("olderThanMs", 0, MAX_AGE))
                : null);
  }

  private static @Nullable String swarm(Params params, String name) {
    return params.has(name) ? Ids.check(name, params.string(name)) : null;
  }
}
