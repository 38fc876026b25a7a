package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who submits a task and awaits it: as a task of the extension, or in one call. */
@RedisTest
class McpTasksIT {

  private static final Map<String, Object> EXTENSION =
      Map.of(
          "io.modelcontextprotocol/clientCapabilities",
          Map.of("extensions", Map.of("io.modelcontextprotocol/tasks", Map.of())));

  private static final String NAMED = "/extensions/io.modelcontextprotocol~1tasks";
  private static final String DECLARED = "/capabilities" + NAMED;

  private static Map<String, Object> submission(String id, Map<String, Object> more) {
    Map<String, Object> task = new HashMap<>(more);
    task.put("id", id);
    task.put("description", "d");
    return Map.of("tasks", List.of(task), "await", true);
  }

  /** Submits it with the extension declared; the task that is the answer. */
  private static JsonNode submitted(HttpMcpClient client, String id, Map<String, Object> more) {
    JsonNode created =
        client.request(
            "tools/call",
            Map.of("name", "submit", "arguments", submission(id, more), "_meta", EXTENSION));
    assertThat(created.path("resultType").asString()).isEqualTo("task");
    assertThat(created.path("taskId").asString()).isEqualTo(id);
    assertThat(created.path("status").asString()).isEqualTo("working");
    assertThat(created.has("content")).isFalse();
    return created;
  }

  private static Map<String, Object> params(String id) {
    return Map.of("taskId", id, "_meta", EXTENSION);
  }

  private static JsonNode seen(HttpMcpClient client, String id) {
    JsonNode task = client.request("tasks/get", params(id));
    assertThat(task.path("resultType").asString()).isEqualTo("complete");
    return task;
  }

  private static JsonNode report(
      HttpMcpClient client, JsonNode agent, JsonNode given, String status, String note) {
    return client.call(
        "report",
        Map.of(
            "handle", agent.path("handle").asString(),
            "task", given.at("/task/id").asString(),
            "attempt", given.at("/task/attempt").asLong(),
            "status", status,
            "note", note));
  }

  private static JsonNode next(HttpMcpClient client, JsonNode agent) {
    return client.call(
        "next",
        Map.of(
            "handle", agent.path("handle").asString(), "cursor", agent.path("cursor").asString()));
  }

  @Test
  void submission_awaitedByWhoKnowsTasks_isFollowedToItsResult(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode created = submitted(client, "t1", Map.of());
      assertThat(created.path("ttlMs").isNull()).isTrue();
      assertThat(created.path("pollIntervalMs").asLong()).isPositive();
      assertThat(Instant.parse(created.path("createdAt").asString()))
          .isBeforeOrEqualTo(Instant.parse(created.path("lastUpdatedAt").asString()));
      assertThat(seen(client, "t1").path("statusMessage").asString()).contains("waits");

      JsonNode ann = client.call("join", Map.of("name", "ann"));
      JsonNode given = next(client, ann);
      report(client, ann, given, "progress", "half of it");
      JsonNode working = seen(client, "t1");
      assertThat(working.path("status").asString()).isEqualTo("working");
      assertThat(working.path("statusMessage").asString()).contains("ann", "half of it");
      assertThat(working.has("result")).isFalse();

      report(client, ann, given, "done", "made");
      JsonNode completed = seen(client, "t1");
      assertThat(completed.path("status").asString()).isEqualTo("completed");
      assertThat(completed.at("/result/structuredContent/result").asString()).isEqualTo("made");
      assertThat(completed.at("/result/isError").asBoolean()).isFalse();
      assertThat(completed.at("/result/content/0/text").asString()).contains("made");
    }
  }

  @Test
  void task_deadOrCancelled_endsWithAWordOfThat(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      submitted(client, "doomed", Map.of("maxAttempts", 1));
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      report(client, ann, next(client, ann), "failed", "no such file");
      JsonNode dead = seen(client, "doomed");
      assertThat(dead.path("status").asString()).isEqualTo("completed");
      assertThat(dead.at("/result/isError").asBoolean()).isTrue();
      assertThat(dead.at("/result/content/0/text").asString()).contains("no such file");

      submitted(client, "unwanted", Map.of("capabilities", List.of("none has this")));
      assertThat(client.request("tasks/update", params("unwanted")).path("resultType").asString())
          .isEqualTo("complete");
      assertThat(client.request("tasks/cancel", params("unwanted")).path("resultType").asString())
          .isEqualTo("complete");
      assertThat(seen(client, "unwanted").path("status").asString()).isEqualTo("cancelled");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks/get", "tasks/update", "tasks/cancel"})
  void request_undeclaredOrOfNoTask_isRefusedByItsCode(String method, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      assertThat(client.request("server/discover", Map.of()).at(DECLARED).isObject()).isTrue();
      JsonNode undeclared =
          HttpMcpClient.answer(client.respond(method, Map.of("taskId", "t1"))).path("error");
      assertThat(undeclared.path("code").asInt()).isEqualTo(-32021);
      assertThat(undeclared.at("/data/requiredCapabilities" + NAMED).isObject()).isTrue();
      HttpResponse<String> unknown = client.respond(method, params("t1"));
      assertThat(HttpMcpClient.answer(unknown).at("/error/code").asInt()).isEqualTo(-32602);
      HttpResponse<String> unnamed = client.respond(method, Map.of("_meta", EXTENSION));
      assertThat(HttpMcpClient.answer(unnamed).at("/error/code").asInt()).isEqualTo(-32602);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void submission_awaitedByWhoDoesNotKnowTasks_isAnsweredAtItsEnd(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient lead = HttpMcpClient.of(era, server.port(), null);
      HttpMcpClient worker = HttpMcpClient.of(era, server.port(), null);
      CompletableFuture<JsonNode> awaited =
          CompletableFuture.supplyAsync(() -> lead.call("submit", submission("t1", Map.of())));
      JsonNode ann = worker.call("join", Map.of("name", "ann"));
      report(worker, ann, next(worker, ann), "done", "made");
      JsonNode answer = awaited.join();
      assertThat(answer.path("result").asString()).isEqualTo("made");
      assertThat(answer.path("by").asString()).isEqualTo("ann");
      JsonNode two =
          lead.called(
              "submit",
              Map.of(
                  "tasks",
                  List.of(Map.of("description", "a"), Map.of("description", "b")),
                  "await",
                  true));
      assertThat(two.path("isError").asBoolean()).isTrue();
    }
  }
}
