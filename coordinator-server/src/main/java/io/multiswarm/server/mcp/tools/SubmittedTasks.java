package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Client;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Tasks as whoever submitted them follows them to their end. */
public final class SubmittedTasks {

  /** Less than a tool call may take. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(ToolCall.LONGEST_WAIT - 2);

  /** How a task stands. */
  public enum State {
    WORKING,
    COMPLETED,
    CANCELLED
  }

  /**
   * A task at a moment.
   *
   * @param said of how it stands, for people
   * @param outcome what the call that submitted it would have been answered; null before the end
   */
  public record Seen(
      String id,
      State state,
      String said,
      Instant submittedAt,
      Instant updatedAt,
      @Nullable Answer outcome) {}

  private final Agents agents;

  public SubmittedTasks(Agents agents) {
    this.agents = agents;
  }

  /** How the task stands, for whoever may see it. */
  public Mono<Seen> get(Client caller, String id) {
    return asked(caller, "task.get", id).map(found -> seen(Params.of(found).params("task")));
  }

  /** Cancels it, unless it has ended. */
  public Mono<Void> cancel(Client caller, String id) {
    return asked(caller, "task.cancel", id).then();
  }

  private Mono<Json> asked(Client caller, String method, String id) {
    return agents
        .withoutHandle(caller)
        .flatMap(
            agent ->
                agent.during(
                    agent.call(method, JsonObject.with("taskId", Ids.check("taskId", id)).json())));
  }

  /** The end of the task; after a while an answer that says how to go on waiting. */
  Mono<Answer> end(Client caller, String id) {
    Json params = JsonObject.with("taskId", id).and("timeoutMs", LONGEST_WAIT.toMillis()).json();
    return agents
        .withoutHandle(caller)
        .flatMap(agent -> agent.during(agent.call("task.await", params)))
        .map(ended -> outcome(Params.of(ended).params("task")))
        .onErrorResume(
            refused -> CoordinationException.is(refused, ErrorCode.DEADLINE_EXCEEDED),
            refused ->
                Mono.just(
                    Answer.of(
                            "The task has not ended yet. Submit it once more with the same id and"
                                + " await, or look with status.")
                        .with("id", id)));
  }

  private static Seen seen(Params task) {
    String status = task.string("status");
    State state =
        switch (status) {
          case "completed", "dead" -> State.COMPLETED;
          case "cancelled" -> State.CANCELLED;
          default -> State.WORKING;
        };
    Answer outcome = state == State.COMPLETED ? outcome(task) : null;
    return new Seen(
        task.string("id"),
        state,
        outcome == null ? said(task, status) : outcome.said(),
        at(task, "submittedAt"),
        at(task, "updatedAt"),
        outcome);
  }

  private static Instant at(Params task, String name) {
    return Instant.ofEpochMilli(task.integer(name, 0, Long.MAX_VALUE));
  }

  private static String said(Params task, String status) {
    if (!status.equals("assigned")) {
      return status.equals("cancelled") ? "It was cancelled." : "It waits for an agent.";
    }
    Json progress = task.optionalJson("progress");
    return task.string("swarmId", "An agent")
        + " works on it"
        + (progress == null ? "." : ": " + Messages.cut(Messages.plain(progress)));
  }

  private static Answer outcome(Params task) {
    String id = task.string("id");
    return switch (task.string("status")) {
      case "completed" ->
          Answer.of("The task is completed.")
              .with("id", id)
              .with("by", task.optionalString("swarmId"))
              .with("result", task.optionalJson("result"));
      case "cancelled" -> Answer.failed("The task was cancelled.").with("id", id);
      default ->
          Answer.failed("The task is dead: no attempt at it succeeded.")
              .with("id", id)
              .with("error", task.optionalJson("error"));
    };
  }
}
