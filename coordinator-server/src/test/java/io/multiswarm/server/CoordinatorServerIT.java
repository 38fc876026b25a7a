package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.LogLines;
import io.multiswarm.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Sessions, swarms and the server itself as clients of the wire protocol see them. */
class CoordinatorServerIT extends TwoClients {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration MOMENT = Duration.ofMillis(300);

  @Test
  void open_always_tellsTheTerms() {
    JsonNode welcome = a.welcome();

    assertThat(welcome.get("protocol").asInt()).isEqualTo(1);
    assertThat(welcome.get("session").asString()).isNotEmpty();
    assertThat(welcome.get("node").asString()).isNotEmpty();
    assertThat(welcome.get("server").get("name").asString()).isEqualTo("multiswarm-coordinator");
    assertThat(welcome.get("pingIntervalMs").asInt()).isEqualTo(25_000);
    assertThat(welcome.get("graceMs").asInt()).isEqualTo(10_000);
    assertThat(welcome.get("limits").toString())
        .isEqualTo("{\"maxFrameBytes\":1048576,\"maxInFlight\":64,\"maxSubscriptions\":1000}");
    assertThat(a.refusal("session.open", "{\"protocol\":1}")).isEqualTo("FAILED_PRECONDITION");
    assertThat(a.ok("session.ping", "{}").get("time").asLong()).isPositive();
    assertThat(a.ok("session.refresh", "{\"token\":\"x\"}").size()).isZero();
  }

  @Test
  void open_withAnotherProtocol_mayBeTriedAgain() {
    try (JsonClient client = JsonClient.connectOnly(server.port())) {
      JsonNode error = client.error("session.open", "{\"protocol\":2}");
      assertThat(error.get("code").asInt()).isEqualTo(-32602);
      assertThat(error.at("/data/supported").toString()).isEqualTo("[1]");
      assertThat(client.refusal("session.open", "{}")).isEqualTo("INVALID_ARGUMENT");
      assertThat(client.refusal("session.open", "{\"protocol\":\"1\"}"))
          .isEqualTo("INVALID_ARGUMENT");
      assertThat(
              client
                  .error("session.open", "{\"protocol\":1,\"client\":{\"name\":5}}")
                  .at("/data/param"))
          .hasToString("\"client.name\"");
      assertThat(client.ok("session.open", "{\"protocol\":1}").has("session")).isTrue();
    }
  }

  @Test
  void swarm_throughItsLife_isAsItWasTold() {
    JsonNode created =
        a.ok(
            "swarm.create",
            "{\"id\":\"s1\",\"objective\":\"Ship it\",\"metadata\":{\"phase\":\"backend\",\"own\":{\"x\":[]}}}");
    JsonNode swarm = created.get("swarm");
    assertThat(created.get("key").asString()).isNotEmpty();
    assertThat(swarm.get("status").asString()).isEqualTo("active");
    assertThat(swarm.get("strategy").asString()).isEqualTo("development");
    assertThat(swarm.get("mode").asString()).isEqualTo("mesh");
    assertThat(swarm.get("attached").asBoolean()).isTrue();
    assertThat(swarm.at("/metadata/priority").asString()).isEqualTo("normal");
    assertThat(swarm.at("/metadata/own").toString()).isEqualTo("{\"x\":[]}");
    assertThat(b.ok("swarm.get", "{\"swarmId\":\"s1\"}").get("swarm")).isEqualTo(swarm);

    assertThat(
            a.ok(
                    "swarm.update",
                    "{\"swarmId\":\"s1\",\"metadata\":{\"own\":null,\"phase\":\"qa\"}}")
                .at("/swarm/metadata/phase")
                .asString())
        .isEqualTo("qa");
    assertThat(a.refusal("swarm.update", "{\"swarmId\":\"s1\",\"status\":\"recovering\"}"))
        .isEqualTo("FAILED_PRECONDITION");
    assertThat(a.refusal("swarm.update", "{\"swarmId\":\"s1\",\"status\":\"sleepy\"}"))
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(a.ok("swarm.heartbeat", "{\"swarmId\":\"s1\",\"agents\":[{\"id\":\"a\"}]}").size())
        .isZero();
    assertThat(a.ok("swarm.list", "{\"phase\":\"qa\",\"objective\":\"SHIP\"}").get("swarms").size())
        .isEqualTo(1);
    assertThat(a.ok("swarm.interrupted", "{}").get("swarms").size()).isZero();
    assertThat(a.ok("swarm.deregister", "{\"swarmId\":\"s1\"}").toString())
        .isEqualTo("{\"archived\":true}");
    assertThat(a.refusal("swarm.get", "{\"swarmId\":\"s1\"}")).isEqualTo("NOT_FOUND");
    assertThat(a.refusal("swarm.update", "{\"swarmId\":\"s1\"}")).isEqualTo("NOT_FOUND");
    assertThat(a.poll(MOMENT)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "swarm.create    | {}                                          | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":7}                           | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"\"}                        | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\",\"id\":\"global\"}     | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\",\"id\":\"-a\"}         | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\",\"mode\":\"ring\"}     | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\",\"maxAgents\":\"5\"}   | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\",\"metadata\":[]}       | INVALID_ARGUMENT",
        "swarm.create    | {\"objective\":\"x\\ud800\"}                | INVALID_ARGUMENT",
        "swarm.attach    | {\"swarmId\":\"nobody\",\"key\":\"k\"}      | NOT_FOUND",
        "swarm.attach    | {\"swarmId\":\"nobody\"}                    | INVALID_ARGUMENT",
        "swarm.get       | {\"swarmId\":\"nobody\"}                    | NOT_FOUND",
        "swarm.get       | {\"swarmId\":12}                            | INVALID_ARGUMENT",
        "swarm.list      | {\"limit\":0}                               | INVALID_ARGUMENT",
        "swarm.list      | {\"limit\":1001}                            | INVALID_ARGUMENT",
        "swarm.list      | {\"limit\":1.0}                             | INVALID_ARGUMENT",
        "swarm.list      | {\"cursor\":\"mine\"}                       | INVALID_ARGUMENT",
        "swarm.list      | {\"status\":\"sleepy\"}                     | INVALID_ARGUMENT",
        "swarm.update    | {\"swarmId\":\"nobody\"}                    | NOT_FOUND",
        "message.send    | {\"from\":\"nobody\",\"to\":\"x\",\"type\":\"t\",\"data\":1} | NOT_FOUND",
        "message.send    | {\"from\":\"nobody\",\"to\":\"x\",\"type\":\"t\"}            | INVALID_ARGUMENT",
        "message.send    | {\"from\":\"nobody\",\"to\":\"x\",\"type\":\"\",\"data\":1}  | INVALID_ARGUMENT",
        "message.publish | {\"from\":\"nobody\",\"channel\":\"swarm:index\",\"type\":\"t\",\"data\":1} | INVALID_ARGUMENT",
        "message.reply   | {\"from\":\"nobody\",\"requestId\":\"r\"}   | INVALID_ARGUMENT",
        "channel.subscribe   | {\"channel\":\"swarm\"}                 | INVALID_ARGUMENT",
        "channel.subscribe   | {\"channel\":\"swarm:global\",\"credit\":10001} | INVALID_ARGUMENT",
        "channel.subscribe   | {\"channel\":\"swarm:global\",\"since\":{\"offset\":1}} | INVALID_ARGUMENT",
        "channel.subscribe   | {\"channel\":\"swarm:nobody\"}          | NOT_FOUND",
        "channel.history     | {\"channel\":\"swarm:nobody\"}          | NOT_FOUND",
        "channel.request     | {\"channel\":\"swarm:global\",\"n\":1}  | NOT_FOUND",
        "channel.request     | {\"channel\":\"swarm:global\",\"n\":0}  | INVALID_ARGUMENT",
        "channel.history     | {\"channel\":\"swarm:global\",\"limit\":1001} | INVALID_ARGUMENT",
        "no.such             | {}                                      | METHOD_NOT_FOUND",
      })
  void call_thatCannotBe_isRefused(String method, String params, String refusal) {
    assertThat(a.refusal(method, params)).isEqualTo(refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "swarm.create | id | {\"id\":\"a:b\",\"objective\":\"o\"}",
        "swarm.create | maxAgents | {\"objective\":\"o\",\"maxAgents\":0}",
        "swarm.create | metadata.priority | {\"objective\":\"o\",\"metadata\":{\"priority\":\"x\"}}",
        "swarm.list | status | {\"status\":\"sleepy\"}",
        "swarm.list | cursor | {\"cursor\":\"mine\"}",
        "task.submit | task.priority | {\"task\":{\"description\":\"d\",\"priority\":\"x\"}}",
        "channel.history | channel | {\"channel\":\"swarm:a:b\"}",
      })
  void refusal_ofAParameter_namesIt(String method, String param, String params) {
    assertThat(a.error(method, params).at("/data/param").asString()).isEqualTo(param);
  }

  @Test
  void acting_forAnothersSwarm_isDenied() {
    a.ok("swarm.create", create("mine"));

    assertThat(b.refusal("swarm.update", "{\"swarmId\":\"mine\"}")).isEqualTo("PERMISSION_DENIED");
    assertThat(
            b.refusal(
                "message.send", "{\"from\":\"mine\",\"to\":\"mine\",\"type\":\"note\",\"data\":1}"))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(b.refusal("swarm.attach", "{\"swarmId\":\"mine\",\"key\":\"guess\"}"))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(a.refusal("swarm.create", create("mine"))).isEqualTo("ALREADY_EXISTS");
    a.ok("swarm.update", "{\"swarmId\":\"mine\"}");
  }

  @Test
  void attach_elsewhere_fencesTheFormerSession() {
    String key = a.ok("swarm.create", create("s")).get("key").asString();

    JsonNode attached = b.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");

    assertThat(attached.at("/swarm/incarnation").asLong()).isGreaterThan(1);
    assertThat(attached.get("leases").isArray()).isTrue();
    JsonNode detached = a.next("swarm.detached");
    assertThat(detached.get("swarmId").asString()).isEqualTo("s");
    assertThat(detached.has("incarnation") && detached.has("reason")).isTrue();
    assertThat(a.refusal("swarm.update", "{\"swarmId\":\"s\"}")).isEqualTo("FENCED");
    b.ok("swarm.update", "{\"swarmId\":\"s\"}");
  }

  @Test
  void attach_elsewhere_isALineForOperators() {
    String key = a.ok("swarm.create", create("s")).get("key").asString();

    try (LogLines log = LogLines.of("io.multiswarm.server.session.Losses")) {
      b.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");
      a.next("swarm.detached");

      assertThat(log.all())
          .singleElement()
          .asString()
          .matches(
              "INFO swarm: s is not session \\S+'s any more \\(anonymous, from 127\\.0\\.0\\.1\\): taken"
                  + " over; what that still says for it is FENCED");
    }
  }

  @Test
  void attach_byTheHolderItself_isNotToldAsALoss() {
    String key = a.ok("swarm.create", create("s")).get("key").asString();

    JsonNode attached = a.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");

    a.ok("swarm.update", "{\"swarmId\":\"s\"}");
    assertThat(a.poll(MOMENT)).isNull();
    b.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");
    assertThat(a.next("swarm.detached").get("incarnation"))
        .isEqualTo(attached.at("/swarm/incarnation"));
  }

  /** The update makes the removal wait, which another creation must not overtake. */
  @Test
  void creation_pipelinedBehindARemoval_makesAnotherSwarm() {
    CompletableFuture<JsonNode> first = a.call("swarm.create", create("p"));
    a.call("swarm.update", "{\"swarmId\":\"p\",\"metadata\":{\"own\":1}}");
    CompletableFuture<JsonNode> removal = a.call("swarm.deregister", "{\"swarmId\":\"p\"}");
    CompletableFuture<JsonNode> second = a.call("swarm.create", create("p"));
    CompletableFuture<JsonNode> update =
        a.call("swarm.update", "{\"swarmId\":\"p\",\"metadata\":{\"more\":2}}");

    JsonClient.ok(removal);
    assertThat(JsonClient.ok(second).get("key")).isNotEqualTo(JsonClient.ok(first).get("key"));
    JsonNode metadata = JsonClient.ok(update).at("/swarm/metadata");
    assertThat(metadata.has("own")).isFalse();
    assertThat(metadata.get("more").asInt()).isEqualTo(2);
  }

  @Test
  void lease_ofAFreshNode_runsOutInTime() {
    b.ok("swarm.create", create("s"));
    b.ok("task.request", "{\"swarmId\":\"s\",\"n\":1}");
    a.ok("task.submit", "{\"task\":{\"id\":\"t\",\"description\":\"d\",\"timeoutMs\":300}}");
    b.next("task.assigned");

    JsonNode revoked = b.poll(SOON);

    assertThat(revoked).isNotNull();
    assertThat(revoked.get("method").asString()).isEqualTo("task.revoked");
    assertThat(revoked.at("/params/attempt").asInt()).isEqualTo(1);
  }

  @Test
  void goodbye_always_interruptsAtOnce() {
    a.ok("swarm.create", create("s"));

    a.close();

    await(
        "the interruption",
        SOON,
        () -> b.ok("swarm.interrupted", "{}").toString().contains("\"id\":\"s\""));
  }

  @Test
  void lostConnection_always_detachesAndKeeps() {
    String key = a.ok("swarm.create", create("s")).get("key").asString();

    a.crash();

    JsonNode swarm =
        awaitValue(
            "the detachment",
            SOON,
            () -> b.ok("swarm.get", "{\"swarmId\":\"s\"}").get("swarm"),
            seen -> !seen.get("attached").asBoolean());
    assertThat(swarm.get("status").asString()).isEqualTo("active");
    b.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");
  }

  @Test
  void leader_ofOneSwarm_isTold() {
    assertThat(a.ok("leader.get", "{}").toString()).isEqualTo("{\"swarmId\":null}");
    a.ok("swarm.create", create("s"));

    JsonNode leader =
        awaitValue(
            "a leader",
            SOON,
            () -> b.ok("leader.get", "{}"),
            seen -> seen.get("swarmId").asString("").equals("s"));

    assertThat(leader.get("epoch").asLong()).isPositive();
    assertThat(leader.get("node")).isEqualTo(a.welcome().get("node"));
    assertThat(leader.get("leaseMs").asLong()).isPositive();
    assertThat(a.ok("swarm.create", create("t")).at("/leader/epoch"))
        .isEqualTo(leader.get("epoch"));
  }

  @Test
  void stats_asked_haveTheirNames() {
    a.ok("swarm.create", create("s"));
    a.ok("message.send", "{\"from\":\"s\",\"to\":\"s\",\"type\":\"note\",\"data\":1}");

    JsonNode stats = b.ok("stats.get", "{}");
    assertThat(stats.at("/registry/activeSwarms").asInt()).isEqualTo(1);
    assertThat(stats.at("/registry/totalRegistered").asInt()).isEqualTo(1);
    assertThat(stats.at("/messenger/messagesSent").asInt()).isEqualTo(1);
    assertThat(stats.at("/tasks/tasksDistributed").isInt()).isTrue();
    assertThat(stats.at("/state/recoveriesPerformed").isInt()).isTrue();
    assertThat(stats.at("/state/errors").isInt()).isTrue();
    assertThat(stats.at("/coordinator/tasksDistributed").isInt()).isTrue();
    assertThat(stats.at("/coordinators/0/messenger/messagesSent").asInt()).isEqualTo(1);

    b.ok("stats.subscribe", "{\"intervalMs\":100}");
    assertThat(b.next("stats.update").at("/registry/activeSwarms").asInt()).isEqualTo(1);
    assertThat(b.next("stats.update").has("messenger")).isTrue();
    b.ok("stats.unsubscribe", "{}");
  }

  @Test
  void metrics_always_tellTheHealthOfTheNode() {
    a.ok("swarm.create", create("s"));

    String metrics =
        awaitValue(
            "leadership",
            SOON,
            this::metrics,
            seen -> seen.lines().anyMatch("multiswarm_leading 1.0"::equals));

    assertThat(metrics.lines())
        .contains("multiswarm_node_redis_control_latency_seconds NaN") // the first round is to come
        .contains("multiswarm_redis_safe 1.0")
        .contains("multiswarm_resources_idle 0.0", "multiswarm_resources_reclaimed 0.0")
        .anyMatch(line -> line.startsWith("multiswarm_node_scheduler_delay_seconds "))
        .anyMatch(line -> line.startsWith("multiswarm_node_redis_command_latency_seconds "))
        .anyMatch(line -> line.startsWith("multiswarm_node_sweep_lag_seconds "))
        .anyMatch(line -> line.startsWith("multiswarm_leadership_changes_total 1"));
  }

  private String metrics() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
            .build();
    return HttpClient.newHttpClient()
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .join()
        .body();
  }

  @Test
  void stop_ofALeader_handsLeadershipOverBeforeItsClientsHaveGone(TestRedis redis) {
    a.ok("swarm.create", create("s"));
    awaitValue("a leader", SOON, () -> a.ok("leader.get", "{}"), seen -> seen.has("node"));
    try (TestServer other = TestServer.start(redis);
        JsonClient there = other.connect()) {
      there.ok("swarm.create", create("t"));

      CompletableFuture<Void> stopped = server.running().stop().toFuture();

      awaitValue(
          "the successor",
          SOON,
          () -> there.ok("leader.get", "{}"),
          seen -> seen.get("swarmId").asString("").equals("t"));
      stopped.join();
    }
  }

  @Test
  void stop_always_tellsClientsToGoElsewhere() {
    a.ok("swarm.create", create("s"));

    server.running().stop().block(SOON);

    assertThat(a.closeCode()).isEqualTo(4001);
    assertThat(b.closeCode()).isEqualTo(4001);
  }

  @Test
  void swarm_whoseKeyIsLost_isMendedFromTheServersOwnMachine() {
    a.ok("swarm.create", create("s"));
    a.ok("state.save", "{\"swarmId\":\"s\",\"state\":{\"step\":1}}");
    assertThat(b.refusal("swarm.update", "{\"swarmId\":\"s\"}")).isEqualTo("PERMISSION_DENIED");

    String key = b.ok("swarm.attach", "{\"swarmId\":\"s\",\"newKey\":true}").get("key").asString();

    a.next("swarm.detached");
    assertThat(b.ok("state.load", "{\"swarmId\":\"s\"}").at("/state/step").asInt()).isOne();
    a.ok("swarm.attach", "{\"swarmId\":\"s\",\"key\":\"" + key + "\"}");
    b.next("swarm.detached");
    try (JsonClient stranger = JsonClient.connect(server.port())) {
      stranger.ok("swarm.deregister", "{\"swarmId\":\"s\"}");
    }
    assertThat(a.refusal("swarm.get", "{\"swarmId\":\"s\"}")).isEqualTo("NOT_FOUND");
  }
}
