package io.multiswarm.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Agents that fall silent, come back, or are on another node than before. */
@RedisTest
class McpAgentLifeIT {

  /** Messages that an answer has. */
  private static final int MOST_AT_ONCE = 20;

  private static Map<String, Object> next(JsonNode joined, JsonNode former, int seconds) {
    return Map.of(
        "handle", joined.path("handle").asString(),
        "cursor", former.path("cursor").asString(),
        "waitSeconds", seconds);
  }

  private static void submit(HttpMcpClient client, String id) {
    client.call("submit", Map.of("tasks", List.of(Map.of("id", id, "description", "do it"))));
  }

  @Test
  void agent_onAnotherNode_hasItsTaskAndItsMessagesThere(TestRedis redis) throws Exception {
    try (TestServer first = TestServer.start(redis);
        TestServer second = TestServer.start(redis)) {
      HttpMcpClient here = HttpMcpClient.modern(first.port(), null);
      HttpMcpClient there = HttpMcpClient.modern(second.port(), null);
      JsonNode ann = here.call("join", Map.of("name", "ann"));
      JsonNode bob = there.call("join", Map.of("name", "bob"));
      submit(here, "t1");
      // bob gives no credit, so the task is ann's.
      JsonNode given = here.call("next", next(ann, ann, 50));
      there.call(
          "send", Map.of("handle", bob.path("handle").asString(), "to", "ann", "text", "hi"));

      JsonNode again = there.call("next", next(ann, given, 50));
      assertThat(again.at("/task/id").asString()).isEqualTo("t1");
      assertThat(again.path("again").asBoolean(false)).isFalse();
      assertThat(again.at("/messages/0/text").asString()).isEqualTo("hi");
      there.call(
          "report",
          Map.of(
              "handle",
              ann.path("handle").asString(),
              "task",
              "t1",
              "attempt",
              given.at("/task/attempt").asLong(),
              "status",
              "done"));
      assertThat(here.call("status", Map.of("id", "t1")).path("status").asString())
          .isEqualTo("completed");
    }
  }

  @Test
  void next_whoseAgentIsTakenOver_endsWithWhatToDo(TestRedis redis) throws Exception {
    try (TestServer first = TestServer.start(redis);
        TestServer second = TestServer.start(redis)) {
      HttpMcpClient here = HttpMcpClient.modern(first.port(), null);
      JsonNode ann = here.call("join", Map.of("name", "ann"));
      CompletableFuture<JsonNode> waiting =
          CompletableFuture.supplyAsync(() -> here.called("next", next(ann, ann, 50)));
      JsonNode back =
          HttpMcpClient.modern(second.port(), null)
              .call("join", Map.of("handle", ann.path("handle").asString()));
      assertThat(back.path("handle").asString()).isEqualTo(ann.path("handle").asString());
      // When the wait had not begun, the call itself attaches the agent again, and waits there.
      CompletableFuture<JsonNode> ended = waiting;
      if (!ended.isDone()) {
        HttpMcpClient.modern(second.port(), null).called("next", next(ann, back, 0));
      }
      assertThat(ended.get().toString())
          .containsAnyOf("attached elsewhere", "no longer held here", "Nothing came");
    }
  }

  @Test
  void task_ofAnAgentThatFallsSilent_isAnothersAfterTheGrace(TestRedis redis) {
    CoordinationOptions options =
        CoordinationOptions.defaults()
            .withLiveness(
                new Liveness(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(200)));
    try (TestServer server = TestServer.impatient(redis, options, Duration.ofSeconds(1))) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      submit(client, "t1");
      JsonNode given = client.call("next", next(ann, ann, 50));
      assertThat(given.at("/task/id").asString()).isEqualTo("t1");

      JsonNode bob = client.call("join", Map.of("name", "bob"));
      JsonNode taken = client.call("next", next(bob, bob, 50));
      assertThat(taken.at("/task/id").asString()).isEqualTo("t1");
      assertThat(taken.at("/task/attempt").asLong())
          .isGreaterThan(given.at("/task/attempt").asLong());
      assertThat(taken.at("/task/earlierAttempts/0/swarmId").asString()).isEqualTo("ann");

      JsonNode late =
          client.called(
              "report",
              Map.of(
                  "handle",
                  ann.path("handle").asString(),
                  "task",
                  "t1",
                  "attempt",
                  given.at("/task/attempt").asLong(),
                  "status",
                  "done"));
      assertThat(late.at("/structuredContent/error").asString()).isEqualTo("FENCED");
    }
  }

  @Test
  void next_thatIsAskedAgain_endsTheOneThatWaited(TestRedis redis) throws Exception {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      CompletableFuture<JsonNode> one =
          CompletableFuture.supplyAsync(() -> client.call("next", next(ann, ann, 50)));
      CompletableFuture<JsonNode> two =
          CompletableFuture.supplyAsync(() -> client.call("next", next(ann, ann, 50)));
      CompletableFuture.anyOf(one, two).get();
      submit(client, "t1");
      CompletableFuture.allOf(one, two).get();
      assertThat(List.of(one.get().has("task"), two.get().has("task")))
          .containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void next_afterWhichNothingWasTold_readsNoHistory(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      JsonNode news = client.call("next", next(ann, ann, 1));
      // Its own channel and everybody's, and not again when the time is over.
      assertThat(historyReads(server)).isEqualTo(2);
      news = client.call("next", next(ann, news, 1));
      assertThat(historyReads(server)).isEqualTo(2);

      client.call(
          "send", Map.of("handle", ann.path("handle").asString(), "to", "ann", "text", "mine"));
      JsonNode bob = client.call("join", Map.of("name", "bob"));
      client.call(
          "send", Map.of("handle", bob.path("handle").asString(), "to", "ann", "text", "hi"));
      assertThat(client.call("next", next(ann, news, 0)).at("/messages/0/text").asString())
          .isEqualTo("hi");
      assertThat(historyReads(server)).isEqualTo(4);
    }
  }

  @Test
  void message_behindManyOfTheAgentsOwn_isHeardAtOnce(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      String handle = ann.path("handle").asString();
      for (int i = 0; i < 2 * MOST_AT_ONCE; i++) {
        client.call("send", Map.of("handle", handle, "to", "all", "text", "mine " + i));
      }
      JsonNode bob = client.call("join", Map.of("name", "bob"));
      client.call(
          "send", Map.of("handle", bob.path("handle").asString(), "to", "all", "text", "hi"));
      assertThat(client.call("next", next(ann, ann, 50)).at("/messages/0/text").asString())
          .isEqualTo("hi");
    }
  }

  /** How often a channel's history was read, as the server counts it. */
  private static int historyReads(TestServer server) {
    URI metrics = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
    String text = HttpMcpClient.send(HttpRequest.newBuilder(metrics).build()).body();
    Matcher count =
        Pattern.compile("multiswarm_calls_seconds_count\\{method=\"channel.history\",.*} (\\d+)")
            .matcher(text);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  @Test
  void handle_ofNobody_isRefusedInWords(TestRedis redis) {
    try (TestServer server = TestServer.start(redis)) {
      HttpMcpClient client = HttpMcpClient.modern(server.port(), null);
      JsonNode ann = client.call("join", Map.of("name", "ann"));
      JsonNode wrong =
          client.called(
              "next", Map.of("handle", "ann:wrong", "cursor", ann.path("cursor").asString()));
      assertThat(wrong.path("isError").asBoolean()).isTrue();
      assertThat(wrong.at("/content/0/text").asString()).startsWith("PERMISSION_DENIED");
      JsonNode none = client.called("next", Map.of("handle", "x"));
      assertThat(none.at("/content/0/text").asString()).startsWith("INVALID_ARGUMENT: handle");
      assertThat(client.called("join", Map.of("name", "ann")).at("/content/0/text").asString())
          .startsWith("ALREADY_EXISTS");
      assertThat(client.call("next", next(ann, ann, 0)).has("cursor")).isTrue();
    }
  }
}
