package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code report}: what became of a task. */
final class ReportTool {

  private static final long MOST_ATTEMPT = (1L << 53) - 1;

  private final Agents agents;

  ReportTool(Agents agents) {
    this.agents = agents;
  }

  private record Task(String swarmId, String id, long attempt) {

    JsonObject params() {
      return JsonObject.with("swarmId", swarmId).and("taskId", id).and("attempt", attempt);
    }
  }

  Mono<Answer> report(ToolCall call) {
    Params given = call.arguments();
    Task task =
        new Task(
            call.handle().swarmId(),
            Ids.check("task", given.string("task")),
            given.integer("attempt", 1, MOST_ATTEMPT));
    String status = given.string("status");
    String note = given.optionalString("note");
    Json result = given.optionalJson("result");
    Steps steps =
        switch (status) {
          case "progress" -> agent -> progress(agent, task, said(note, result));
          case "done" -> agent -> done(agent, task, result == null ? said(note, null) : result);
          case "failed" -> agent -> failed(agent, task, said(note, result));
          case "release" -> agent -> release(agent, task);
          default -> throw call.unknown("status", "progress, done, failed, release");
        };
    return agents
        .at(call.caller(), call.handle())
        .flatMap(agent -> agent.during(ended(agent, task, status, steps.with(agent))));
  }

  /** What the protocol is asked for, by the agent. */
  private interface Steps {
    Mono<Answer> with(Agent agent);
  }

  /** What was reported is not the agent's any more, and neither is what was FENCED. */
  private static Mono<Answer> ended(Agent agent, Task task, String status, Mono<Answer> reporting) {
    return reporting
        .doOnNext(
            answer -> {
              if (!status.equals("progress")) {
                agent.reported(task.id(), task.attempt());
              }
            })
        .doOnError(
            refused -> {
              if (CoordinationException.is(refused, ErrorCode.FENCED)) {
                agent.reported(task.id(), task.attempt());
              }
            });
  }

  private static @Nullable Json said(@Nullable String note, @Nullable Json result) {
    if (result == null) {
      return note == null ? null : Json.of(note);
    }
    return note == null ? result : JsonObject.with("note", note).and("result", result).json();
  }

  private static Mono<Answer> progress(Agent agent, Task task, @Nullable Json progress) {
    return agent
        .call("task.extend", task.params().andPresent("progress", progress).json())
        .map(
            extended ->
                Answer.of("Noted. The task is yours while you call with your handle; go on.")
                    .with(
                        "leaseSeconds",
                        Params.of(extended).integer("leaseMs", 0, Long.MAX_VALUE) / 1000));
  }

  private static Mono<Answer> done(Agent agent, Task task, @Nullable Json result) {
    return agent
        .call("task.complete", task.params().andPresent("result", result).json())
        .thenReturn(Answer.of("The task is completed. Call next for another."))
        .onErrorResume(
            refused -> CoordinationException.is(refused, ErrorCode.FENCED),
            refused -> Mono.just(late((CoordinationException) refused)));
  }

  private static Answer late(CoordinationException refused) {
    Answer answer =
        new Answer(
            "FENCED: "
                + refused.message()
                + ". You came too late: your result is kept with the task, and who submitted it can"
                + " adopt it. Do not repeat this; call next.",
            Map.of(),
            true);
    return answer.with("error", ErrorCode.FENCED.name());
  }

  private static Mono<Answer> failed(Agent agent, Task task, @Nullable Json error) {
    Json why = error == null ? Json.of("the agent gave no reason") : error;
    return agent
        .call("task.fail", task.params().and("error", why).json())
        .map(
            failed ->
                Answer.of("Noted as failed. Call next for another.")
                    .with("status", Params.of(failed).optionalString("status")));
  }

  private static Mono<Answer> release(Agent agent, Task task) {
    return agent
        .call("task.release", task.params().json())
        .thenReturn(Answer.of("The task is given back. Call next for another."));
  }
}
