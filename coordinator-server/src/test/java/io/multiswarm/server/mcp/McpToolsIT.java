package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.JsonClient;
import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every tool, over HTTP, in both eras. */
@RedisTest
class McpToolsIT {

  private static Map<String, Object> with(JsonNode joined, Object... more) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("handle", joined.path("handle").asString());
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  private static JsonNode next(HttpMcpClient client, JsonNode joined, JsonNode former) {
    return client.call("next", with(joined, "cursor", former.path("cursor").asString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void tools_listed_areTheEightInOrder(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      JsonNode tools =
          HttpMcpClient.of(era, server.port(), null).request("tools/list", Map.of()).path("tools");
      assertThat(tools.valueStream().map(tool -> tool.path("name").asString()))
          .containsExactly(
              "join", "next", "report", "send", "reserve", "submit", "status", "steer");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void agent_givenATask_reportsProgressAndCompletesIt(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      JsonNode joined = client.call("join", Map.of("name", "builder", "role", "builds"));
      JsonNode submitted =
          client.call(
              "submit",
              Map.of("tasks", List.of(Map.of("description", "mend it", "data", Map.of("n", 7)))));
      String id = submitted.path("ids").path(0).asString();

      JsonNode given = next(client, joined, joined);
      assertThat(given.at("/task/id").asString()).isEqualTo(id);
      assertThat(given.at("/task/description").asString()).isEqualTo("mend it");
      assertThat(given.at("/task/data/n").asInt()).isEqualTo(7);
      JsonNode again = next(client, joined, given);
      assertThat(again.path("again").asBoolean()).isTrue();
      assertThat(again.at("/task/id").asString()).isEqualTo(id);

      long attempt = given.at("/task/attempt").asLong();
      client.call(
          "report",
          with(joined, "task", id, "attempt", attempt, "status", "progress", "note", "half"));
      assertThat(client.call("status", Map.of("id", id)).path("progress").asString())
          .isEqualTo("half");
      client.call(
          "report",
          with(
              joined, "task", id, "attempt", attempt, "status", "done", "result", Map.of("ok", 1)));
      JsonNode status = client.call("status", Map.of("id", id));
      assertThat(status.path("status").asString()).isEqualTo("completed");
      assertThat(status.path("result").asString()).isEqualTo("{\"ok\":1}");
      JsonNode nothing =
          client.call(
              "next", with(joined, "cursor", given.path("cursor").asString(), "waitSeconds", 0));
      assertThat(nothing.has("task")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void messages_sent_wakeWhoWaitsAndComeAgainUntilConfirmed(String era, TestRedis redis)
      throws Exception {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient one = HttpMcpClient.of(era, server.port(), null);
      HttpMcpClient two = HttpMcpClient.of(era, server.port(), null);
      JsonNode ann = one.call("join", Map.of("name", "ann"));
      JsonNode bob = two.call("join", Map.of("name", "bob"));
      CompletableFuture<JsonNode> waiting =
          CompletableFuture.supplyAsync(() -> next(two, bob, bob));
      JsonNode sent = one.call("send", with(ann, "to", "bob", "text", "hello"));
      assertThat(sent.path("hint").asString()).contains("is there");
      JsonNode heard = waiting.get();
      assertThat(heard.at("/messages/0/from").asString()).isEqualTo("ann");
      assertThat(heard.at("/messages/0/text").asString()).isEqualTo("hello");
      assertThat(next(two, bob, bob).at("/messages/0/text").asString()).isEqualTo("hello");

      two.call("send", with(bob, "to", "all", "text", "I have it"));
      JsonNode all = next(one, ann, ann);
      assertThat(all.at("/messages/0/to").asString()).isEqualTo("all");
      assertThat(all.at("/messages/0/text").asString()).isEqualTo("I have it");
      JsonNode after =
          one.call("next", with(ann, "cursor", all.path("cursor").asString(), "waitSeconds", 0));
      assertThat(after.has("messages")).isFalse();
      assertThat(one.call("send", with(ann, "to", "leader", "text", "hi")).has("offset")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void request_ofAnotherSwarm_isAnsweredByReplyTo(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis);
        JsonClient asker = server.connect()) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      JsonClient.ok(asker.call("swarm.create", "{\"id\":\"asker\",\"objective\":\"o\"}"));
      CompletableFuture<JsonNode> answer =
          asker.call(
              "message.request",
              "{\"from\":\"asker\",\"to\":\"ann\",\"type\":\"q\",\"data\":\"how much?\"}");
      JsonNode heard = next(client, ann, ann);
      assertThat(heard.at("/messages/0/text").asString()).isEqualTo("how much?");
      client.call(
          "send",
          with(ann, "replyTo", heard.at("/messages/0/replyTo").asString(), "text", "forty-two"));
      assertThat(JsonClient.ok(answer).path("data").asString()).isEqualTo("forty-two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void resources_takenByOne_areRefusedToTheOtherWithTheHolder(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis);
        JsonClient admin = server.connect()) {
      JsonClient.ok(admin.call("resource.define", "{\"type\":\"gpu\",\"total\":2}"));
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      JsonNode bob = client.call("join", Map.of("name", "bob"));
      JsonNode granted = client.call("reserve", with(ann, "resources", Map.of("gpu", 2)));
      assertThat(granted.at("/granted/gpu").asInt()).isEqualTo(2);
      JsonNode refused = client.called("reserve", with(bob, "resources", Map.of("gpu", 1)));
      assertThat(refused.path("isError").asBoolean()).isTrue();
      assertThat(refused.at("/structuredContent/heldBy").asString()).contains("ann has 2");
      client.call("reserve", with(ann, "resources", Map.of("gpu", 2), "release", true));
      client.call("reserve", with(bob, "resources", Map.of("gpu", 1), "waitSeconds", 30));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void task_steeredWhileWorkedOn_isStoppedAndItsLateResultAdopted(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      client.call(
          "submit",
          Map.of("tasks", List.of(Map.of("id", "t1", "description", "a", "maxAttempts", 1))));
      JsonNode given = next(client, ann, ann);
      client.call(
          "report", with(ann, "task", "t1", "attempt", 1, "status", "failed", "note", "no"));
      JsonNode late =
          client.called(
              "report", with(ann, "task", "t1", "attempt", 1, "status", "done", "result", 3));
      assertThat(late.at("/structuredContent/error").asString()).isEqualTo("FENCED");
      client.call("steer", Map.of("action", "adopt", "task", "t1", "attempt", 1));
      assertThat(client.call("status", Map.of("id", "t1")).path("status").asString())
          .isEqualTo("completed");

      client.call("submit", Map.of("tasks", List.of(Map.of("id", "t2", "description", "b"))));
      JsonNode second = next(client, ann, given);
      assertThat(second.at("/task/id").asString()).isEqualTo("t2");
      client.call("steer", Map.of("action", "cancel", "task", "t2", "reason", "not wanted"));
      JsonNode stop = next(client, ann, second);
      assertThat(stop.at("/stop/0/task").asString()).isEqualTo("t2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void status_ofTheFleet_isAShortTable(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.of(era, server.port(), null);
      client.call("join", Map.of("name", "ann", "role", "reads"));
      client.call(
          "submit",
          Map.of(
              "tasks",
              List.of(Map.of("id", "t1", "description", "a", "capabilities", List.of("rust")))));
      assertThat(client.call("status", Map.of()).at("/tasks").isObject()).isTrue();
      assertThat(client.call("status", Map.of("about", "swarms")).at("/rows/0").asString())
          .contains("ann | active | there");
      assertThat(client.call("status", Map.of("about", "tasks")).at("/rows/0").asString())
          .contains("t1 | pending");
      assertThat(client.call("status", Map.of("id", "t1")).path("hint").asString())
          .contains("rust");
      assertThat(client.call("status", Map.of("id", "ann")).at("/agent/id").asString())
          .isEqualTo("ann");
    }
  }
}
