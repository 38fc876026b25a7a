package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators ask and do about tasks, on the wire. */
class TaskInsightIT extends TwoClients {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ATTEMPT_1 = "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":1";

  @BeforeEach
  void begin() {
    b.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"work\"}");
  }

  private void submit(String id, String members) {
    a.ok("task.submit", "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"" + members + "}}");
  }

  private List<String> list(String filter) {
    List<String> ids = new ArrayList<>();
    a.ok("task.list", filter).get("tasks").forEach(task -> ids.add(task.get("id").asString()));
    return ids;
  }

  private void request(int n) {
    b.ok("task.request", "{\"swarmId\":\"w\",\"n\":" + n + "}");
  }

  @Test
  void list_withEachFilter_givesWhatFits() {
    a.ok("swarm.create", create("s"));
    submit("t1", ",\"type\":\"build\",\"priority\":\"high\"");
    submit("t2", ",\"capabilities\":[\"rust\"],\"strategy\":\"round_robin\"");
    a.ok("task.submit", "{\"from\":\"s\",\"task\":{\"id\":\"t3\",\"description\":\"d\"}}");

    assertThat(list("{}")).containsExactly("t3", "t2", "t1");
    assertThat(list("{\"type\":\"build\"}")).containsExactly("t1");
    assertThat(list("{\"priority\":\"high\",\"status\":\"pending\"}")).containsExactly("t1");
    assertThat(list("{\"capability\":\"rust\"}")).containsExactly("t2");
    assertThat(list("{\"strategy\":\"round_robin\"}")).containsExactly("t2");
    assertThat(list("{\"from\":\"s\"}")).containsExactly("t3");
    assertThat(list("{\"swarmId\":\"nobody\"}")).isEmpty();
    assertThat(list("{\"olderThanMs\":3600000}")).isEmpty();
    assertThat(a.refusal("task.list", "{\"strategy\":\"nonsense\"}")).isEqualTo("INVALID_ARGUMENT");
    JsonNode task = a.ok("task.list", "{\"limit\":1}").get("tasks").get(0);
    assertThat(task.get("failures").asInt()).isZero();
    assertThat(task.has("lateResults")).isFalse();
  }

  @Test
  void changesOfMany_areCountedFirstAndThenMade() {
    submit("t1", ",\"type\":\"build\"");
    submit("t2", ",\"type\":\"build\"");
    submit("t3", "");
    JsonNode preview = a.ok("task.cancelAll", "{\"type\":\"build\",\"dryRun\":true}");
    assertThat(preview.toString()).isEqualTo("{\"matched\":2,\"changed\":0}");
    JsonNode one = a.ok("task.cancelAll", "{\"type\":\"build\",\"limit\":1}");
    assertThat(one.toString()).isEqualTo("{\"matched\":2,\"changed\":1}");
    assertThat(list("{\"status\":\"cancelled\"}")).containsExactly("t2");
    assertThat(a.ok("task.retryAll", "{\"status\":\"dead\"}").get("matched").asInt()).isZero();
    for (String refused :
        List.of(
            "{}", "{\"limit\":5}", "{\"dryRun\":true}", "{\"type\":\"build\",\"kind\":\"x\"}")) {
      assertThat(a.refusal("task.cancelAll", refused)).isEqualTo("INVALID_ARGUMENT");
      assertThat(a.refusal("task.retryAll", refused)).isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void pauses_ofSwarmAndFleet_areShownAndTold() {
    a.ok("channel.subscribe", "{\"channel\":\"swarm:events\"}");
    assertThat(b.ok("swarm.pause", "{\"swarmId\":\"w\"}").toString())
        .isEqualTo("{\"paused\":true}");
    assertThat(b.ok("swarm.pause", "{\"swarmId\":\"w\"}").get("paused").asBoolean()).isTrue();
    assertThat(a.ok("swarm.get", "{\"swarmId\":\"w\"}").at("/swarm/paused").asBoolean()).isTrue();
    assertThat(a.refusal("swarm.pause", "{\"swarmId\":\"w\"}")).isEqualTo("PERMISSION_DENIED");
    assertThat(told()).isEqualTo("swarm_paused");
    request(1);
    submit("t", "");
    await("leader", SOON, () -> a.ok("leader.get", "{}").get("swarmId").isString());
    assertThat(reason()).isEqualTo("paused");

    assertThat(a.ok("task.pause", "{}").toString()).isEqualTo("{\"paused\":true}");
    assertThat(told()).isEqualTo("tasks_paused");
    b.ok("swarm.resume", "{\"swarmId\":\"w\"}");
    assertThat(told()).isEqualTo("swarm_resumed");
    assertThat(a.ok("swarm.get", "{\"swarmId\":\"w\"}").get("swarm").has("paused")).isFalse();
    assertThat(a.ok("stats.get", "{}").at("/tasks/paused").asBoolean()).isTrue();
    assertThat(reason()).isEqualTo("paused");

    assertThat(a.ok("task.resume", "{}").toString()).isEqualTo("{\"paused\":false}");
    assertThat(told()).isEqualTo("tasks_resumed");
    assertThat(b.next("task.assigned").at("/task/id").asString()).isEqualTo("t");
    assertThat(reason()).isEqualTo("assigned");
  }

  private String told() {
    return a.next("channel.message").at("/message/payload/type").asString();
  }

  private String reason() {
    return a.ok("task.explain", "{\"taskId\":\"t\"}").get("reason").asString();
  }

  @Test
  void lateResult_isListedAndAdopted() {
    submit("t", "");
    request(9);
    assertThat(b.next("task.assigned").has("previous")).isFalse();
    b.ok("task.release", ATTEMPT_1 + "}");
    JsonNode second = b.next("task.assigned");
    assertThat(second.get("previous").toString())
        .isEqualTo("[{\"attempt\":1,\"swarmId\":\"w\",\"reason\":\"released\"}]");
    assertThat(b.refusal("task.complete", ATTEMPT_1 + ",\"result\":{\"r\":1}}"))
        .isEqualTo("FENCED");
    JsonNode late = a.ok("task.get", "{\"taskId\":\"t\"}").at("/task/lateResults");
    assertThat(late).hasSize(1);
    assertThat(late.at("/0/result").toString()).isEqualTo("{\"r\":1}");
    assertThat(a.refusal("task.adopt", "{\"taskId\":\"t\",\"attempt\":2}")).isEqualTo("NOT_FOUND");
    a.ok("task.adopt", "{\"taskId\":\"t\",\"attempt\":1}");
    a.ok("task.adopt", "{\"taskId\":\"t\",\"attempt\":1}");
    assertThat(b.next("task.revoked").get("attempt").asInt()).isEqualTo(2);
    JsonNode ended = a.ok("task.await", "{\"taskId\":\"t\"}").get("task");
    assertThat(ended.get("status").asString()).isEqualTo("completed");
    assertThat(ended.get("result").toString()).isEqualTo("{\"r\":1}");
    assertThat(ended.get("attempts").asInt()).isEqualTo(2);
  }

  @Test
  void leases_ofALaterAttempt_haveWhatWasBefore() {
    submit("t", "");
    String key = b.ok("swarm.create", create("v")).get("key").asString();
    b.ok("task.request", "{\"swarmId\":\"v\",\"n\":2}");
    b.next("task.assigned");
    b.ok(
        "task.fail",
        "{\"swarmId\":\"v\",\"taskId\":\"t\",\"attempt\":1,\"error\":\"no\",\"delayMs\":0}");
    b.next("task.assigned");
    JsonNode leases =
        a.ok("swarm.attach", "{\"swarmId\":\"v\",\"key\":\"" + key + "\"}").get("leases");
    assertThat(leases.at("/0/attempt").asInt()).isEqualTo(2);
    assertThat(leases.at("/0/previous/0/reason").asString()).isEqualTo("failed");
  }

  @Test
  void nodes_areListed() {
    JsonNode nodes = a.ok("node.list", "{}").get("nodes");
    assertThat(nodes).hasSize(1);
    JsonNode node = nodes.get(0);
    assertThat(node.get("node")).isEqualTo(a.welcome().get("node"));
    assertThat(node.get("version")).isEqualTo(a.welcome().at("/server/version"));
    assertThat(node.get("sessions").asInt()).isEqualTo(2);
    assertThat(node.get("swarms").asInt()).isEqualTo(1);
    await("leadership", SOON, () -> a.ok("node.list", "{}").at("/nodes/0/leading").asBoolean());
  }
}
