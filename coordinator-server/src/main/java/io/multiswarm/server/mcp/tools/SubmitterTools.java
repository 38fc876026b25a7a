package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code submit} and {@code steer}: for who hands tasks in. */
final class SubmitterTools {

  private static final int MOST_TASKS = 100;
  private static final long MOST_ATTEMPT = (1L << 53) - 1;

  private final Agents agents;
  private final SubmittedTasks submitted;

  SubmitterTools(Agents agents, SubmittedTasks submitted) {
    this.agents = agents;
    this.submitted = submitted;
  }

  Mono<Answer> submit(ToolCall call) {
    Params given = call.arguments();
    List<Json> tasks = given.list("tasks", MOST_TASKS);
    boolean isAwaited = given.bool("await", false);
    if (isAwaited && tasks.size() != 1) {
      throw given.refused("await", "goes with one task");
    }
    String from = given.has("handle") ? call.handle().swarmId() : null;
    Json params = JsonObject.empty().andPresent("from", from).and("tasks", tasks).json();
    Mono<Agent> submitter =
        from == null
            ? agents.withoutHandle(call.caller())
            : agents.at(call.caller(), call.handle());
    return submitter
        .flatMap(agent -> agent.during(agent.call("task.submitBatch", params)))
        .map(results -> Params.of(results).list("results", MOST_TASKS))
        .flatMap(
            results -> isAwaited ? awaited(call, results.get(0)) : Mono.just(submitted(results)));
  }

  /** The end of a task, unless it was refused. */
  private Mono<Answer> awaited(ToolCall call, Json result) {
    Params task = Params.of(result);
    if (task.has("error")) {
      return Mono.just(submitted(List.of(result)));
    }
    String id = task.string("taskId");
    return call.follows()
        ? Mono.just(submitted(List.of(result)).awaiting(id))
        : submitted.end(call.caller(), id);
  }

  private static Answer submitted(List<Json> results) {
    List<String> ids = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Params result = Params.of(results.get(i));
      Params error = result.optionalParams("error");
      if (error == null) {
        ids.add(result.string("taskId"));
      } else {
        refused.add("task " + (i + 1) + ": " + error.string("message"));
      }
    }
    String said =
        refused.isEmpty()
            ? "All %d tasks are in the queue. Watch them with status.".formatted(ids.size())
            : "%d tasks are in the queue, %d were refused: mend those and submit them again."
                .formatted(ids.size(), refused.size());
    Answer answer = new Answer(said, Map.of(), ids.isEmpty() && !refused.isEmpty());
    return answer.with("ids", ids).with("refused", refused.isEmpty() ? null : refused);
  }

  Mono<Answer> steer(ToolCall call) {
    Params given = call.arguments();
    JsonObject task = JsonObject.with("taskId", Ids.check("task", given.string("task")));
    return switch (given.string("action")) {
      case "cancel" ->
          asked(
              call,
              "task.cancel",
              task.andPresent("reason", given.optionalString("reason")).json(),
              null);
      case "retry" -> asked(call, "task.retry", task.json(), "The task is pending again.");
      case "adopt" ->
          asked(
              call,
              "task.adopt",
              task.and("attempt", given.integer("attempt", 1, MOST_ATTEMPT)).json(),
              "The late result is the task's result now.");
      default -> throw call.unknown("action", "cancel, retry, adopt");
    };
  }

  private Mono<Answer> asked(ToolCall call, String method, Json params, @Nullable String said) {
    return agents
        .withoutHandle(call.caller())
        .flatMap(agent -> agent.during(agent.call(method, params)))
        .map(answer -> Answer.of(said == null ? cancelled(Params.of(answer)) : said));
  }

  private static String cancelled(Params answer) {
    return answer.bool("cancelled", false)
        ? "The task is cancelled; who has it is told to stop."
        : "The task had ended already; nothing was changed.";
  }
}
