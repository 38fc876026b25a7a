package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code task.*} on the wire, as a client in any language sees it. */
@RedisTest
class TaskMethodsIT {

  private static final String TASK = "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":1";

  private TestServer server;
  private JsonClient submitter;
  private JsonClient worker;
  private String key;

  @BeforeEach
  void begin(TestRedis redis) {
    server =
        TestServer.start(
            redis,
            CoordinationOptions.defaults()
                .withTasks(
                    new CoordinationOptions.Tasks(5, Duration.ofHours(1), Duration.ofHours(1))));
    submitter = server.connect();
    worker = server.connect();
    key = worker.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"work\"}").get("key").asString();
  }

  @AfterEach
  void end() {
    submitter.close();
    worker.close();
    server.close();
  }

  private JsonNode submit(String members) {
    return submitter.ok(
        "task.submit", "{\"task\":{\"id\":\"t\",\"description\":\"d\"" + members + "}}");
  }

  private JsonNode assigned(long attempt) {
    JsonNode given = worker.next("task.assigned");
    assertThat(given.get("swarmId").asString()).isEqualTo("w");
    assertThat(given.get("attempt").asLong()).isEqualTo(attempt);
    return given;
  }

  private JsonNode task() {
    return submitter.ok("task.get", "{\"taskId\":\"t\"}").get("task");
  }

  @Test
  void task_completed_isToldToWhoAwaitsIt() {
    submit(",\"priority\":\"high\",\"data\":{\"a\":[]}");
    CompletableFuture<JsonNode> end = submitter.call("task.await", "{\"taskId\":\"t\"}");
    assertThat(worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":2}").get("credit").asInt())
        .isIn(1, 2);
    JsonNode given = assigned(1);
    assertThat(given.at("/task/id").asString()).isEqualTo("t");
    assertThat(given.at("/task/data").toString()).isEqualTo("{\"a\":[]}");
    assertThat(given.get("assignedBy").asString()).isEqualTo("w");
    assertThat(given.get("strategy").asString()).isEqualTo("least_loaded");
    assertThat(given.get("leaseMs").asLong()).isEqualTo(30_000);
    assertThat(given.get("epoch").asLong()).isPositive();

    worker.ok("task.complete", TASK + ",\"result\":{\"r\":[1]}}");
    worker.ok("task.complete", TASK + ",\"result\":\"another\"}");

    JsonNode ended = JsonClient.ok(end).get("task");
    assertThat(ended.get("status").asString()).isEqualTo("completed");
    assertThat(ended.get("result").toString()).isEqualTo("{\"r\":[1]}");
    assertThat(ended.get("swarmId").asString()).isEqualTo("w");
    assertThat(ended.get("attempts").asInt()).isEqualTo(1);
    assertThat(statuses(ended)).containsExactly("pending", "assigned", "completed");
  }

  private static List<String> statuses(JsonNode task) {
    List<String> statuses = new ArrayList<>();
    task.get("history").forEach(note -> statuses.add(note.get("status").asString()));
    return statuses;
  }

  @Test
  void await_beyondItsTimeout_isExceeded() {
    submit("");
    assertThat(submitter.refusal("task.await", "{\"taskId\":\"t\",\"timeoutMs\":1}"))
        .isEqualTo("DEADLINE_EXCEEDED");
    assertThat(submitter.refusal("task.await", "{\"taskId\":\"nothing\"}")).isEqualTo("NOT_FOUND");
  }

  @Test
  void failure_withoutFurtherAttempt_isDeadUntilItIsRetried() {
    submit(",\"maxAttempts\":2");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":9}");
    assigned(1);
    assertThat(
            worker
                .ok("task.fail", TASK + ",\"error\":\"e\",\"delayMs\":0}")
                .get("status")
                .asString())
        .isEqualTo("pending");
    assigned(2);
    assertThat(
            worker
                .ok(
                    "task.fail",
                    "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":2,\"error\":{\"why\":1}}")
                .get("status")
                .asString())
        .isEqualTo("dead");
    assertThat(task().get("error").toString()).isEqualTo("{\"why\":1}");
    assertThat(submitter.ok("task.retry", "{\"taskId\":\"t\"}").get("status").asString())
        .isEqualTo("pending");
    assigned(3);
    assertThat(submitter.refusal("task.retry", "{\"taskId\":\"t\"}"))
        .isEqualTo("FAILED_PRECONDITION");
  }

  @Test
  void reports_ofAnotherAttempt_areFencedAndExtensionsKept() {
    submit("");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":9}");
    assigned(1);
    assertThat(worker.ok("task.extend", TASK + ",\"progress\":0.5}").get("leaseMs").asLong())
        .isEqualTo(30_000);
    assertThat(task().get("progress").asDouble()).isEqualTo(0.5);

    worker.ok("task.release", TASK + "}");
    assigned(2);

    assertThat(worker.refusal("task.complete", TASK + "}")).isEqualTo("FENCED");
    assertThat(worker.refusal("task.extend", TASK + "}")).isEqualTo("FENCED");
    assertThat(worker.refusal("task.fail", TASK + ",\"error\":\"e\"}")).isEqualTo("FENCED");
    assertThat(submitter.refusal("task.complete", TASK + "}")).isEqualTo("PERMISSION_DENIED");
    assertThat(task().get("status").asString()).isEqualTo("assigned");
  }

  @Test
  void cancel_whileItIsDone_isToldToTheWorker() {
    submit("");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    assigned(1);
    assertThat(
            submitter
                .ok("task.cancel", "{\"taskId\":\"t\",\"reason\":\"why\"}")
                .get("cancelled")
                .asBoolean())
        .isTrue();
    JsonNode revoked = worker.next("task.revoked");
    assertThat(revoked.get("taskId").asString()).isEqualTo("t");
    assertThat(revoked.get("attempt").asInt()).isEqualTo(1);
    assertThat(worker.refusal("task.complete", TASK + "}")).isEqualTo("FENCED");
    assertThat(submitter.refusal("task.cancel", "{\"taskId\":\"nothing\"}")).isEqualTo("NOT_FOUND");
  }

  @Test
  void batch_partlyAccepted_answersForEach() {
    JsonNode results =
        submitter
            .ok(
                "task.submitBatch",
                "{\"tasks\":[{\"id\":\"b0\",\"description\":\"d\"},{\"id\":\"b1\"},"
                    + "{\"id\":\"b0\",\"description\":\"d\"},{\"id\":\"b2\",\"description\":\"d\"},"
                    + "{\"id\":\"b3\",\"description\":\"d\"},{\"id\":\"b4\",\"description\":\"d\"},"
                    + "{\"id\":\"b5\",\"description\":\"d\"},{\"id\":\"b6\",\"description\":\"d\"}]}")
            .get("results");
    assertThat(results.size()).isEqualTo(8);
    for (int accepted : new int[] {0, 2, 3, 4, 5, 6}) {
      assertThat(results.get(accepted).get("status").asString()).isEqualTo("pending");
    }
    assertThat(results.get(2).get("taskId").asString()).isEqualTo("b0");
    assertThat(results.at("/1/error/data/name").asString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(results.at("/7/error/data/name").asString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(results.at("/7/error/data/retryAfterMs").asLong()).isPositive();

    JsonNode refused = submitter.error("task.submit", "{\"task\":{\"description\":\"d\"}}");
    assertThat(refused.at("/data/name").asString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(refused.at("/data/retryable").asBoolean()).isTrue();
    assertThat(refused.at("/data/retryAfterMs").asLong()).isPositive();
  }

  @Test
  void list_inPages_showsEachOnce() {
    for (int i = 0; i < 5; i++) {
      submitter.ok("task.submit", "{\"task\":{\"id\":\"l" + i + "\",\"description\":\"d\"}}");
    }
    JsonNode first = submitter.ok("task.list", "{\"status\":\"pending\",\"limit\":3}");
    JsonNode second =
        submitter.ok(
            "task.list",
            "{\"status\":\"pending\",\"limit\":3,\"cursor\":" + first.get("nextCursor") + "}");
    List<String> ids = new ArrayList<>();
    first.get("tasks").forEach(task -> ids.add(task.get("id").asString()));
    second.get("tasks").forEach(task -> ids.add(task.get("id").asString()));
    assertThat(ids).containsExactly("l4", "l3", "l2", "l1", "l0");
    assertThat(second.has("nextCursor")).isFalse();
    assertThat(submitter.refusal("task.list", "{\"limit\":0}")).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void watch_ofTaskAndSubmitter_tellsEachMove() {
    JsonClient watcher = server.connect();
    watcher.ok("swarm.create", "{\"id\":\"s\",\"objective\":\"submit\"}");
    watcher.ok("task.watch", "{\"from\":\"s\"}");
    watcher.ok("task.submit", "{\"from\":\"s\",\"task\":{\"id\":\"t\",\"description\":\"d\"}}");
    assertThat(watcher.next("task.updated").get("status").asString()).isEqualTo("pending");
    submitter.ok("task.watch", "{\"taskId\":\"t\"}");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    assigned(1);
    worker.ok("task.complete", TASK + "}");
    for (JsonClient client : List.of(watcher, submitter)) {
      for (String status : List.of("assigned", "completed")) {
        JsonNode update = client.next("task.updated");
        assertThat(update.get("taskId").asString()).isEqualTo("t");
        assertThat(update.get("status").asString()).isEqualTo(status);
        assertThat(update.get("swarmId").asString()).isEqualTo("w");
      }
    }
    watcher.close();
  }

  /** There are places for a thousand watches, and no method that ends one. */
  @Test
  void watch_ofWhatHasEnded_takesNoPlace() {
    for (int i = 0; i <= 1_000; i++) {
      String id = "{\"taskId\":\"w" + i + "\"}";
      submitter.ok("task.submit", "{\"task\":{\"id\":\"w" + i + "\",\"description\":\"d\"}}");
      assertThat(submitter.ok("task.cancel", id).get("cancelled").asBoolean()).isTrue();
      submitter.ok("task.watch", id);
    }
  }

  @Test
  void channels_ofTasks_tellOfAssignmentsAndEnds() {
    JsonClient listener = server.connect();
    listener.ok("channel.subscribe", "{\"channel\":\"swarm:w\"}");
    listener.ok("channel.subscribe", "{\"channel\":\"swarm:tasks\"}");
    submit("");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    JsonNode given = assigned(1);
    JsonNode heard = listener.next("channel.message");
    assertThat(heard.get("live").asBoolean()).isTrue();
    assertThat(heard.has("epoch") || heard.has("offset")).isFalse();
    JsonNode assignment = heard.at("/message/payload/data");
    assertThat(assignment.at("/task/id").asString()).isEqualTo("t");
    for (String name : List.of("attempt", "leaseMs", "assignedBy", "epoch", "strategy")) {
      assertThat(assignment.get(name)).as(name).isNotNull().isEqualTo(given.get(name));
    }
    assertThat(assignment.get("swarmId").asString()).isEqualTo("w");

    worker.ok("task.complete", TASK + ",\"result\":[1]}");
    assertThat(told(listener, "swarm:tasks", "task_completed").toString())
        .isEqualTo(
            "{\"taskId\":\"t\",\"swarmId\":\"w\",\"attempt\":1,\"status\":\"completed\",\"result\":[1]}");
    listener.close();
  }

  /** A channel's history is for what exists nowhere else: assignments would push it out. */
  @Test
  void assignment_onTheSwarmsChannel_isLiveCostsCreditAndIsNotStored() {
    JsonClient listener = server.connect();
    JsonClient late = server.connect();
    listener.ok("channel.subscribe", "{\"channel\":\"swarm:w\",\"credit\":2}");
    late.ok("channel.subscribe", "{\"channel\":\"swarm:w\",\"credit\":0}");
    submit("");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    assigned(1);
    assertThat(listener.next("channel.message").get("live").asBoolean()).isTrue();
    for (int i = 1; i <= 2; i++) {
      worker.ok(
          "message.send", "{\"from\":\"w\",\"to\":\"w\",\"type\":\"chat\",\"data\":" + i + "}");
    }
    late.ok("channel.request", "{\"channel\":\"swarm:w\",\"n\":5}");

    assertThat(listener.next("channel.message").get("offset").asLong()).isEqualTo(1);
    assertThat(listener.poll(Duration.ofMillis(300))).isNull();
    assertThat(late.next("channel.message").get("offset").asLong()).isEqualTo(1);
    JsonNode history = late.ok("channel.history", "{\"channel\":\"swarm:w\"}");
    assertThat(history.get("messages"))
        .extracting(one -> one.at("/message/payload/type").asString())
        .containsExactly("chat", "chat");
    listener.close();
    late.close();
  }

  @Test
  void largeTasks_areToldLiveAndFollowTheAnswerOfAttach() {
    String data = "x".repeat(400_000);
    JsonClient listener = server.connect();
    listener.ok("channel.subscribe", "{\"channel\":\"swarm:w\"}");
    for (int i = 0; i < 4; i++) {
      submitter.ok(
          "task.submit",
          "{\"task\":{\"id\":\"l" + i + "\",\"description\":\"d\",\"data\":\"" + data + "\"}}");
    }
    for (int i = 0; i < 4; i++) {
      // One after the other: a large message that comes while another waits unread is dropped.
      worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
      assertThat(worker.next("task.assigned").at("/task/data").asString()).isEqualTo(data);
      JsonNode heard = listener.next("channel.message");
      assertThat(heard.get("live").asBoolean()).isTrue();
      assertThat(heard.at("/message/payload/type").asString()).isEqualTo("task_assignment");
      assertThat(heard.at("/message/payload/data/task/id").asString()).isEqualTo("l" + i);
      assertThat(heard.at("/message/payload/data/swarmId").asString()).isEqualTo("w");
      assertThat(heard.at("/message/payload/data/attempt").asLong()).isEqualTo(1);
    }
    listener.close();

    JsonClient heir = server.connect();
    JsonNode attached = heir.ok("swarm.attach", "{\"swarmId\":\"w\",\"key\":\"" + key + "\"}");

    assertThat(attached.get("leases")).isEmpty();
    for (int i = 0; i < 4; i++) {
      assertThat(heir.next("task.assigned").at("/task/id").asString()).isEqualTo("l" + i);
    }
    heir.close();
  }

  @Test
  void channel_ofTasks_tellsOfTheDeadAndTheUnroutable() {
    JsonClient listener = server.connect();
    listener.ok("channel.subscribe", "{\"channel\":\"swarm:tasks\"}");
    submitter.ok(
        "task.submit",
        "{\"task\":{\"id\":\"u\",\"description\":\"d\",\"capabilities\":[\"magic\"],\"priority\":\"low\"}}");
    worker.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
    JsonNode unroutable = told(listener, "swarm:tasks", "task_unroutable");
    assertThat(unroutable.get("capabilities").toString()).isEqualTo("[\"magic\"]");
    assertThat(unroutable.get("priority").asString()).isEqualTo("low");
    assertThat(unroutable.get("tasks").asInt()).isEqualTo(1);
    assertThat(unroutable.get("taskId").asString()).isEqualTo("u");

    submit("");
    assigned(1);
    worker.ok("task.fail", TASK + ",\"error\":\"because\",\"retry\":false}");
    assertThat(told(listener, "swarm:tasks", "task_dead").toString())
        .isEqualTo("{\"taskId\":\"t\",\"attempts\":1,\"failures\":1,\"reason\":\"because\"}");
    listener.close();
  }

  /** The data of the next message on a channel, which must be of that type. */
  private static JsonNode told(JsonClient listener, String channel, String type) {
    JsonNode event = listener.next("channel.message");
    assertThat(event.get("channel").asString()).isEqualTo(channel);
    assertThat(event.at("/message/messageType").asString()).isEqualTo("task");
    assertThat(event.at("/message/payload/type").asString()).isEqualTo(type);
    return event.at("/message/payload/data");
  }

  @Test
  void statistics_always_haveTheNamesOfTheDocument() {
    submit(",\"capabilities\":[\"magic\"]");
    JsonNode tasks = submitter.ok("stats.get", "{}").get("tasks");
    for (String name :
        List.of(
            "tasksDistributed",
            "tasksCompleted",
            "queueDepth",
            "oldestAge",
            "unroutable",
            "redelivered",
            "dead")) {
      assertThat(tasks.has(name)).as("%s in %s", name, tasks).isTrue();
    }
    assertThat(tasks.get("queueDepth").asInt()).isEqualTo(1);
  }
}
