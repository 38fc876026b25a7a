package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.mcp.agent.Agent;
import io.multiswarm.server.mcp.agent.Agents;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code status}: the fleet, its agents and tasks in a few lines. */
final class StatusTool {

  private static final int DEFAULT_ROWS = 20;
  private static final int MOST_ROWS = 100;
  private static final int LONGEST_CELL = 80;

  /** Of the statistics those that tell how the work goes. */
  private static final List<String> OVERVIEW = List.of("registry", "tasks", "leader", "resources");

  /** Of a task those that tell how it goes; what may be long is cut. */
  private static final List<String> TASK =
      List.of(
          "id",
          "description",
          "status",
          "attempts",
          "failures",
          "swarmId",
          "progress",
          "result",
          "error",
          "lateResults");

  private final Agents agents;

  StatusTool(Agents agents) {
    this.agents = agents;
  }

  Mono<Answer> status(ToolCall call) {
    return agents.withoutHandle(call.caller()).flatMap(agent -> agent.during(asked(agent, call)));
  }

  private static Mono<Answer> asked(Agent agent, ToolCall call) {
    Params given = call.arguments();
    String id = given.optionalString("id");
    if (id != null) {
      return one(agent, id);
    }
    JsonObject filter =
        JsonObject.with("limit", given.integer("limit", DEFAULT_ROWS, 1, MOST_ROWS))
            .andPresent("status", given.optionalString("state"));
    return switch (given.string("about", "overview")) {
      case "overview" ->
          agent.call("stats.get", Json.EMPTY_OBJECT).map(stats -> overview(Params.of(stats)));
      case "swarms" -> agent.call("swarm.list", filter.json()).map(StatusTool::swarms);
      case "tasks" -> agent.call("task.list", filter.json()).map(StatusTool::tasks);
      case "resources" -> agent.call("resource.list", Json.EMPTY_OBJECT).map(StatusTool::resources);
      default -> throw call.unknown("about", "overview, swarms, tasks, resources");
    };
  }

  private static Answer overview(Params stats) {
    Answer answer = Answer.of("The fleet now; ask about swarms, tasks or resources for more.");
    for (String name : OVERVIEW) {
      answer = answer.with(name, stats.optionalJson(name));
    }
    return answer;
  }

  private static Answer swarms(Json list) {
    Params page = Params.of(list);
    List<String> rows =
        page.list("swarms", MOST_ROWS).stream()
            .map(Params::of)
            .map(
                swarm ->
                    row(
                        swarm.string("id"),
                        swarm.string("status"),
                        swarm.bool("attached", false) ? "there" : "away",
                        swarm.integer("activeTasks", 0, 0, Long.MAX_VALUE) + " tasks",
                        swarm.string("objective", "")))
            .toList();
    return table("name | status | attached | has | does", rows, page);
  }

  private static Answer tasks(Json list) {
    Params page = Params.of(list);
    List<String> rows =
        page.list("tasks", MOST_ROWS).stream()
            .map(Params::of)
            .map(
                task ->
                    row(
                        task.string("id"),
                        task.string("status"),
                        "attempt " + task.integer("attempts", 0, 0, Long.MAX_VALUE),
                        task.string("swarmId", "-"),
                        task.string("description", "")))
            .toList();
    return table("id | status | attempts | agent | description", rows, page);
  }

  private static Answer resources(Json list) {
    Params page = Params.of(list);
    List<String> rows =
        page.list("resources", Integer.MAX_VALUE).stream()
            .limit(MOST_ROWS)
            .map(Params::of)
            .map(
                pool ->
                    row(
                        pool.string("type"),
                        String.valueOf(
                            pool.integer("available", 0, Long.MIN_VALUE, Long.MAX_VALUE)),
                        String.valueOf(pool.integer("total", 0, 0, Long.MAX_VALUE))))
            .toList();
    return table("type | free | total", rows, page);
  }

  private static Answer table(String head, List<String> rows, Params page) {
    return Answer.of(rows.isEmpty() ? "There are none." : rows.size() + " rows: " + head)
        .with("rows", rows.isEmpty() ? null : rows)
        .with(
            "more", page.has("nextCursor") ? "there are more: raise limit or name a state" : null);
  }

  private static String row(String... cells) {
    StringBuilder row = new StringBuilder();
    for (String cell : cells) {
      String line = cell.replace('\n', ' ');
      row.append(row.isEmpty() ? "" : " | ")
          .append(line.length() > LONGEST_CELL ? line.substring(0, LONGEST_CELL) + "…" : line);
    }
    return row.toString();
  }

  private static Mono<Answer> one(Agent agent, String id) {
    Json taskId = JsonObject.with("taskId", id).json();
    return agent
        .call("task.get", taskId)
        .flatMap(
            found ->
                agent
                    .call("task.explain", taskId)
                    .map(why -> task(Params.of(found).params("task"), Params.of(why))))
        .onErrorResume(
            refused -> CoordinationException.is(refused, ErrorCode.NOT_FOUND),
            none ->
                agent
                    .call("swarm.get", JsonObject.with("swarmId", id).json())
                    .map(found -> swarm(Params.of(found).object("swarm"))));
  }

  private static Answer task(Params task, Params why) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (String name : TASK) {
      @Nullable Json value = task.optionalJson(name);
      if (value != null) {
        facts.put(
            name, value.isInteger() ? value.as(Object.class) : Messages.cut(Messages.plain(value)));
      }
    }
    return new Answer("Task " + task.string("id") + ": " + why.string("detail", ""), facts, false);
  }

  private static Answer swarm(Json swarm) {
    return Answer.of("An agent of the fleet.").with("agent", swarm);
  }
}
