package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.mcp.agent.Cursor;
import io.multiswarm.server.mcp.agent.Handle;
import io.multiswarm.server.mcp.agent.News;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code join} and {@code next}: how an agent gets its work. */
final class WorkTools {

  private static final int MOST_CAPABILITIES = 100;

  /** Bytes of a task, above which its data are left to be read as a resource. */
  private static final int LARGEST_TASK = 48 << 10;

  /** Characters of such a task's description that are told. */
  private static final int LONGEST_DESCRIPTION = 12_000;

  private static final String HOW_TO =
      " Now call next with handle and cursor, again and again. Work on the task that it gives you,"
          + " then report it. Answer messages with send. Keep the handle to yourself.";

  private final Agents agents;

  WorkTools(Agents agents) {
    this.agents = agents;
  }

  Mono<Answer> join(ToolCall call) {
    Params given = call.arguments();
    int slots = (int) given.integer("slots", 1, 1, Agents.MOST_SLOTS);
    if (given.has("handle")) {
      Handle handle = call.handle();
      return agents
          .attach(call.caller(), handle, slots)
          .map(
              joined ->
                  joined(joined, "You are back as " + handle.swarmId() + ", with what you had."));
    }
    return agents
        .join(call.caller(), swarm(given), slots)
        .map(joined -> joined(joined, "You are " + joined.agent().handle() + "."));
  }

  private static Json swarm(Params given) {
    JsonObject metadata =
        JsonObject.with("capabilities", Json.of(given.strings("capabilities", MOST_CAPABILITIES)))
            .andPresent("repo", given.optionalString("repo"))
            .andPresent("branch", given.optionalString("branch"))
            .and("creator", "mcp");
    return JsonObject.empty()
        .andPresent("id", given.optionalString("name"))
        .and("objective", given.string("role", "agent"))
        .and("metadata", metadata.json())
        .json();
  }

  private static Answer joined(Agents.Joined joined, String said) {
    Agent agent = joined.agent();
    return Answer.of(said + HOW_TO)
        .with("name", Objects.requireNonNull(agent.handle()).swarmId())
        .with("handle", Objects.requireNonNull(agent.handle()).text())
        .with("cursor", joined.cursor().text())
        .with(
            "note",
            agent.hearsEverybody()
                ? null
                : "your token lacks the scope observe: you hear what is sent to you, not to all");
  }

  Mono<Answer> next(ToolCall call) {
    Handle handle = call.handle();
    Cursor cursor = Cursor.parse(call.arguments().string("cursor"));
    var wait = call.waits(ToolCall.LONGEST_WAIT);
    return agents
        .at(call.caller(), handle)
        .flatMap(agent -> agent.during(agent.next(cursor, wait)))
        .map(WorkTools::told);
  }

  private static Answer told(News news) {
    Answer answer = Answer.of(said(news));
    Json assignment = news.assignment();
    if (assignment != null) {
      answer = answer.with("task", task(Params.of(assignment)));
      answer = answer.with("again", news.isAgain() ? true : null);
    }
    return answer
        .with("messages", news.messages().isEmpty() ? null : Messages.shown(news.messages()))
        .with("missed", news.missed().isEmpty() ? null : missed(news.missed()))
        .with("stop", news.stops().isEmpty() ? null : stops(news.stops()))
        .with("cursor", news.cursor().text());
  }

  private static String said(News news) {
    List<String> said = new ArrayList<>();
    if (!news.stops().isEmpty()) {
      said.add("Stop working on the tasks under stop: they are not yours any more.");
    }
    if (!news.missed().isEmpty()) {
      said.add("Some messages came and are not kept any more.");
    }
    if (!news.messages().isEmpty()) {
      said.add("You have messages; answer with send where an answer is wanted.");
    }
    if (news.isAgain()) {
      said.add("You still have this task: report it, or go on with it.");
    } else if (news.assignment() != null) {
      said.add("You have a task: work on it, then call report with its id and attempt.");
    }
    said.add(
        said.isEmpty()
            ? "Nothing came. Call next again with this cursor."
            : "Then call next again.");
    return String.join(" ", said);
  }

  private static Map<String, Object> task(Params assignment) {
    Json whole = assignment.object("task");
    Map<String, Object> task = new LinkedHashMap<>();
    Params params = Params.of(whole);
    task.put("id", params.string("id"));
    task.put("attempt", assignment.integer("attempt", 1, Long.MAX_VALUE));
    String description = params.string("description");
    boolean isLarge = whole.length() > LARGEST_TASK || assignment.bool(News.SHORTENED, false);
    task.put(
        "description", isLarge ? Texts.shortened(description, LONGEST_DESCRIPTION) : description);
    put(task, "type", params.optionalString("type"));
    if (isLarge) {
      task.put(
          "data",
          "too large for here: read all of the task in the resource "
              + McpResources.taskUri(params.string("id")));
    } else {
      put(task, "data", params.optionalJson("data"));
    }
    task.put("leaseSeconds", assignment.integer("leaseMs", 0, Long.MAX_VALUE) / 1000);
    put(task, "earlierAttempts", assignment.optionalArray("previous"));
    return task;
  }

  private static void put(Map<String, Object> into, String name, @Nullable Object value) {
    if (value != null) {
      into.put(name, value instanceof Json json ? json.as(Object.class) : value);
    }
  }

  private static List<String> missed(List<News.Missed> missed) {
    return missed.stream()
        .map(gap -> "%s: %d to %d".formatted(gap.channel(), gap.from(), gap.to()))
        .toList();
  }

  private static List<Map<String, Object>> stops(List<News.Stop> stops) {
    return stops.stream()
        .map(
            stop ->
                Map.<String, Object>of(
                    "task", stop.taskId(), "attempt", stop.attempt(), "reason", stop.reason()))
        .toList();
  }
}
