package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.StateLimits;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a principal may have in the fleet: counted in Redis, whatever node it asks, and when. */
@RedisTest
class FleetQuotasIT {

  private static final String P = "token-one-0000000";
  private static final String Q = "token-of-q-000000";

  private static TokensFixture tokens(Path directory) {
    String may = "[\"swarm\",\"submit\",\"observe\"]";
    return new TokensFixture(directory)
        .write(
            TokensFixture.entry("team p", P, may, "[\"*\"]"),
            TokensFixture.entry("q", Q, may, "[\"*\"]"));
  }

  private static void refused(JsonClient client, String method, String params, String setting) {
    JsonNode refused = client.error(method, params);
    assertThat(refused.at("/data/name").asString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(refused.get("message").asString()).contains(setting);
  }

  private static String task(String id) {
    return "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"}}";
  }

  @Test
  void pendingTasks_ofAPrincipal_areLimitedOverNodesAndRestarts(
      TestRedis redis, @TempDir Path directory) {
    TokensFixture tokens = tokens(directory);
    CoordinationOptions options =
        CoordinationOptions.defaults()
            .withTasks(CoordinationOptions.Tasks.defaults().withPrincipalLimit(3));
    String setting = "MAX_PENDING_TASKS_PER_PRINCIPAL";
    try (TestServer server = TestServer.guarded(redis, tokens.security(), options);
        TestServer second = TestServer.guarded(redis, tokens.security(), options);
        JsonClient one = JsonClient.connect(server.port(), P);
        JsonClient two = JsonClient.connect(second.port(), P);
        JsonClient other = JsonClient.connect(second.port(), Q)) {
      one.ok("task.submit", task("t1"));
      two.ok("task.submit", task("t2"));
      JsonNode batch =
          one.ok(
              "task.submitBatch",
              "{\"tasks\":[{\"id\":\"t3\",\"description\":\"d\",\"delayMs\":600000},"
                  + "{\"id\":\"t4\",\"description\":\"d\"},{\"id\":\"t1\",\"description\":\"d\"}]}");
      assertThat(batch.at("/results/0/status").asString()).isEqualTo("pending");
      assertThat(batch.at("/results/1/error/message").asString()).contains(setting);
      assertThat(batch.at("/results/2/status").asString()).isEqualTo("pending");
      refused(two, "task.submit", task("t4"), setting);
      other.ok("task.submit", task("q1"));
    }
    try (TestServer server = TestServer.guarded(redis, tokens.security(), options);
        JsonClient one = JsonClient.connect(server.port(), P)) {
      refused(one, "task.submit", task("t4"), setting);
      one.ok("task.cancel", "{\"taskId\":\"t3\"}");
      one.ok("task.submit", task("t4"));
      refused(one, "task.submit", task("t5"), setting);

      one.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"o\"}");
      one.ok("task.request", "{\"swarmId\":\"w\",\"n\":2}");
      one.next("task.assigned");
      one.next("task.assigned");

      one.ok("task.submit", task("t5"));
      one.ok("task.submit", task("t6"));
      refused(one, "task.submit", task("t7"), setting);
    }
  }

  @Test
  void swarms_ofAPrincipal_areLimitedOverNodesAndSessions(
      TestRedis redis, @TempDir Path directory) {
    TokensFixture tokens = tokens(directory);
    CoordinationOptions options = CoordinationOptions.defaults().withPrincipalSwarms(2);
    String setting = "MAX_SWARMS_PER_PRINCIPAL";
    String create = "{\"id\":\"%s\",\"objective\":\"o\"}";
    try (TestServer server = TestServer.guarded(redis, tokens.security(), options);
        TestServer second = TestServer.guarded(redis, tokens.security(), options);
        JsonClient two = JsonClient.connect(second.port(), P);
        JsonClient other = JsonClient.connect(second.port(), Q)) {
      String key;
      try (JsonClient one = JsonClient.connect(server.port(), P)) {
        key = one.ok("swarm.create", create.formatted("a")).get("key").asString();
        two.ok("swarm.create", create.formatted("b"));
        refused(one, "swarm.create", create.formatted("c"), setting);
        refused(two, "swarm.create", "{\"objective\":\"o\"}", setting);
        other.ok("swarm.create", create.formatted("q"));
      }
      refused(two, "swarm.create", create.formatted("c"), setting);
      two.ok("swarm.attach", "{\"swarmId\":\"a\",\"key\":\"" + key + "\"}");
      two.ok("swarm.deregister", "{\"swarmId\":\"a\"}");
      two.ok("swarm.create", create.formatted("c"));
      refused(two, "swarm.create", create.formatted("d"), setting);
    }
  }

  private static String state(String swarmId, int bytes) {
    return "{\"swarmId\":\"%s\",\"state\":{\"x\":\"%s\"}}"
        .formatted(swarmId, "x".repeat(bytes - 8));
  }

  @Test
  void statesAndCopies_ofAPrincipalsSwarms_areLimitedOverNodesAndRestarts(
      TestRedis redis, @TempDir Path directory) {
    TokensFixture tokens = tokens(directory);
    CoordinationOptions options =
        CoordinationOptions.defaults().withStates(new StateLimits(50_000, 10_000));
    String setting = "MAX_STATE_BYTES_PER_PRINCIPAL";
    String created = "{\"id\":\"%s\",\"objective\":\"o\"}";
    String ofA = "{\"swarmId\":\"a\"}";
    try (TestServer server = TestServer.guarded(redis, tokens.security(), options);
        TestServer second = TestServer.guarded(redis, tokens.security(), options);
        JsonClient one = JsonClient.connect(server.port(), P);
        JsonClient two = JsonClient.connect(second.port(), P);
        JsonClient other = JsonClient.connect(second.port(), Q)) {
      one.ok("swarm.create", created.formatted("a"));
      two.ok("swarm.create", created.formatted("b"));
      other.ok("swarm.create", created.formatted("c"));
      one.ok("state.save", state("a", 4_000));
      two.ok("state.save", state("b", 4_000));
      refused(one, "snapshot.create", ofA, setting);
      refused(two, "state.save", state("b", 6_001), setting);
      refused(one, "state.update", state("a", 6_001).replace("state", "patch"), setting);
      refused(
          one, "checkpoint.create", state("a", 2_001).replace("\"state\"", "\"data\""), setting);
      other.ok("state.save", state("c", 9_000));
      assertThat(one.ok("stats.get", "{}").at("/state/bytes").asLong()).isEqualTo(17_000);
    }
    try (TestServer server = TestServer.guarded(redis, tokens.security(), options);
        JsonClient one = JsonClient.connect(server.port(), P)) {
      one.ok("swarm.create", created.formatted("d"));
      refused(one, "state.save", state("d", 2_001), setting);
      one.ok("state.save", state("d", 2_000));
    }
  }
}
