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
import tools.jackson.databind.json.JsonMapper;

/**
 * An agent that knows nothing of us: it finds tools by the words of their descriptions, gives what
 * their schemas require, and takes the values from the lines of earlier answers.
 */
@RedisTest
class NewcomerIT {

  /** Knows what it was told, by name, and a few words of its own. */
  private static final class Newcomer {

    private final HttpMcpClient client;
    private final JsonNode tools;
    private final Map<String, Object> known = new LinkedHashMap<>();

    private Newcomer(HttpMcpClient client) {
      this.client = client;
      this.tools = client.request("tools/list", Map.of()).path("tools");
    }

    /** Calls the one tool whose description has these words. */
    private String use(String words, Map<String, Object> own) {
      List<JsonNode> found =
          tools
              .valueStream()
              .filter(tool -> tool.path("description").asString().contains(words))
              .toList();
      assertThat(found).as(words).hasSize(1);
      Map<String, Object> arguments = new LinkedHashMap<>();
      for (JsonNode name : found.get(0).at("/inputSchema/required")) {
        Object value =
            own.containsKey(name.asString())
                ? own.get(name.asString())
                : known.get(name.asString());
        assertThat(value).as("what to give as " + name).isNotNull();
        arguments.put(name.asString(), value);
      }
      arguments.putAll(own);
      JsonNode result = client.called(found.get(0).path("name").asString(), arguments);
      assertThat(result.path("isError").asBoolean(false)).as(result.toString()).isFalse();
      String text = result.at("/content/0/text").asString();
      text.lines().skip(1).forEach(this::remember);
      return text;
    }

    private void remember(String line) {
      String[] fact = line.split(": ", 2);
      known.put(fact[0], fact[1]);
    }

    private JsonNode known(String name) {
      return JsonMapper.shared().readTree(known.get(name).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HttpMcpClient.LEGACY, HttpMcpClient.MODERN})
  void newcomer_withTheToolsTextsAlone_worksReportsAndAnswers(String era, TestRedis redis) {
    try (TestServer server = TestServer.start(redis);
        JsonClient lead = server.connect()) {
      Newcomer agent = new Newcomer(HttpMcpClient.of(era, server.port(), null));
      String joined = agent.use("Become an agent", Map.of());
      assertThat(joined).contains("call next", "report", "send");
      JsonClient.ok(lead.call("swarm.create", "{\"id\":\"lead\",\"objective\":\"lead\"}"));
      JsonClient.ok(
          lead.call(
              "task.submit", "{\"task\":{\"id\":\"t1\",\"description\":\"count to three\"}}"));

      agent.use("Waits for a task", Map.of());
      JsonNode task = agent.known("task");
      assertThat(task.path("description").asString()).isEqualTo("count to three");
      agent.use(
          "Tell what became",
          Map.of(
              "task", task.path("id").asString(),
              "attempt", task.path("attempt").asLong(),
              "status", "done",
              "result", List.of(1, 2, 3)));
      JsonNode done = JsonClient.ok(lead.call("task.await", "{\"taskId\":\"t1\"}"));
      assertThat(done.at("/task/result").toString()).isEqualTo("[1,2,3]");

      CompletableFuture<JsonNode> asked =
          lead.call(
              "message.request",
              "{\"from\":\"lead\",\"to\":\"%s\",\"type\":\"text\",\"data\":\"how far?\"}"
                  .formatted(agent.known.get("name")));
      agent.use("Waits for a task", Map.of());
      JsonNode message = agent.known("messages").path(0);
      assertThat(message.path("text").asString()).isEqualTo("how far?");
      agent.use(
          "Write to another agent",
          Map.of("replyTo", message.path("replyTo").asString(), "text", "all three"));
      assertThat(JsonClient.ok(asked).path("data").asString()).isEqualTo("all three");
    }
  }
}
