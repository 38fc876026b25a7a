package io.multiswarm.server;

import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.Policies;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.resources.ResourceOptions;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** State, snapshots, checkpoints and recovery as a client of the wire protocol sees them. */
@RedisTest
class StateAndRecoveryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SWARM = json("{'swarmId':'a'}");

  /** Who is gone keeps nothing for long. */
  private static final ResourceOptions IMPATIENT =
      new ResourceOptions(
          Duration.ofMillis(200),
          Duration.ZERO,
          ResourceOptions.DEFAULT_IDLE_INTERVAL,
          ResourceOptions.DEFAULT_IDLE_AFTER,
          ResourceOptions.DEFAULT_RECLAIM_AFTER);

  private TestRedis redis;
  private TestServer server;
  private JsonClient a;
  private JsonClient b;
  private String key;

  @BeforeEach
  void start(TestRedis redis) {
    this.redis = redis;
    server =
        TestServer.start(
            redis, CoordinationOptions.defaults(), Policies.defaults().withResources(IMPATIENT));
    a = server.connect();
    b = server.connect();
    key = a.ok("swarm.create", json("{'id':'a','objective':'x'}")).get("key").asString();
  }

  @AfterEach
  void stop() {
    a.crash();
    b.crash();
    server.close();
  }

  private long save(String state) {
    return a.ok("state.save", json("{'swarmId':'a','state':" + state + "}"))
        .get("version")
        .asLong();
  }

  private void deleteState() {
    redis.cli("DEL", "{" + redis.fleet() + "}:swarm:state:a");
  }

  @Test
  void state_savedLoadedPatchedAndDeleted_isAsTheProtocolHasIt() {
    JsonNode saved = a.ok("state.save", json("{'swarmId':'a','state':{'n':1,'m':[]}}"));
    assertThat(saved.get("version").asLong()).isEqualTo(1);
    assertThat(saved.get("savedAt").asLong()).isPositive();

    JsonNode loaded = a.ok("state.load", SWARM);
    assertThat(loaded.get("state")).hasToString(json("{'n':1,'m':[]}"));
    assertThat(loaded.get("version")).isEqualTo(saved.get("version"));
    assertThat(loaded.get("savedAt")).isEqualTo(saved.get("savedAt"));

    JsonNode patched =
        a.ok("state.update", json("{'swarmId':'a','patch':{'n':null,'o':{}},'ifVersion':1}"));
    assertThat(patched.get("state")).hasToString(json("{'m':[],'o':{}}"));
    assertThat(patched.get("version").asLong()).isEqualTo(2);

    JsonNode stale = a.error("state.save", json("{'swarmId':'a','state':{},'ifVersion':1}"));
    assertThat(stale.at("/data/name").asString()).isEqualTo("CONFLICT");
    assertThat(stale.at("/data/version").asLong()).isEqualTo(2);

    assertThat(a.ok("state.delete", SWARM)).hasToString(json("{'deleted':true}"));
    assertThat(a.refusal("state.load", SWARM)).isEqualTo("NOT_FOUND");
    assertThat(a.ok("state.delete", SWARM)).hasToString(json("{'deleted':false}"));
  }

  /**
   * Each patch takes two calls of Redis, by which a removal of its own turn would overtake them.
   */
  @Test
  void writes_pipelinedBeforeTheEndOfTheirSwarm_areDoneBeforeIt() {
    List<CompletableFuture<JsonNode>> writes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      writes.add(a.call("state.update", json("{'swarmId':'a','patch':{'n':" + i + "}}")));
    }
    writes.add(a.call("checkpoint.create", json("{'swarmId':'a','data':{}}")));
    CompletableFuture<JsonNode> end = a.call("swarm.deregister", SWARM);

    writes.forEach(JsonClient::ok);
    JsonClient.ok(end);
    assertThat(a.refusal("state.load", SWARM)).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'state':[]",
        "'state':7",
        "'state':{},'ifVersion':-1",
        "'state':{},'ifVersion':1.5"
      })
  void save_ofWhatIsNoStateOrVersion_isInvalid(String members) {
    assertThat(a.refusal("state.save", json("{'swarmId':'a'," + members + "}")))
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void snapshots_createdListedRestoredAndDeleted_areAsTheProtocolHasThem() {
    assertThat(a.refusal("snapshot.create", SWARM)).isEqualTo("NOT_FOUND");
    save("{'n':1}");
    JsonNode made = a.ok("snapshot.create", json("{'swarmId':'a','label':'before'}"));
    String id = made.get("snapshotId").asString();
    assertThat(made)
        .hasToString(
            json(
                "{'snapshotId':'%s','label':'before','version':1,'createdAt':%d,'bytes':7,'automatic':false}"
                    .formatted(id, made.get("createdAt").asLong())));
    save("{'n':2}");
    JsonNode second = a.ok("snapshot.create", SWARM);
    assertThat(second.get("label").isNull()).isTrue();
    assertThat(a.ok("snapshot.list", SWARM))
        .hasToString(json("{'snapshots':[" + second + "," + made + "]}"));

    JsonNode restored = a.ok("snapshot.restore", json("{'swarmId':'a','snapshotId':'" + id + "'}"));
    assertThat(restored.get("snapshotId").asString()).isEqualTo(id);
    assertThat(restored.get("version").asLong()).isEqualTo(3);
    assertThat(restored.has("savedAt")).isTrue();
    assertThat(a.ok("state.load", SWARM).get("state")).hasToString(json("{'n':1}"));

    assertThat(a.ok("snapshot.delete", json("{'swarmId':'a','snapshotId':'" + id + "'}")))
        .hasToString(json("{'snapshotId':'" + id + "','deleted':true}"));
    assertThat(a.refusal("snapshot.delete", json("{'swarmId':'a','snapshotId':'" + id + "'}")))
        .isEqualTo("NOT_FOUND");
    assertThat(a.refusal("snapshot.restore", json("{'swarmId':'a','snapshotId':'" + id + "'}")))
        .isEqualTo("NOT_FOUND");
    assertThat(a.refusal("snapshot.restore", SWARM)).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void checkpoints_createdListedRestoredAndDeleted_areAsTheProtocolHasThem() {
    JsonNode made =
        a.ok("checkpoint.create", json("{'swarmId':'a','data':{'step':1},'label':'one'}"));
    String id = made.get("checkpointId").asString();
    assertThat(made)
        .hasToString(
            json(
                "{'checkpointId':'%s','label':'one','version':0,'createdAt':%d,'bytes':10}"
                    .formatted(id, made.get("createdAt").asLong())));
    assertThat(a.ok("checkpoint.list", SWARM)).hasToString(json("{'checkpoints':[" + made + "]}"));
    assertThat(a.refusal("checkpoint.create", SWARM)).isEqualTo("INVALID_ARGUMENT");

    String one = json("{'swarmId':'a','checkpointId':'" + id + "'}");
    assertThat(a.ok("checkpoint.restore", one).get("version").asLong()).isEqualTo(1);
    assertThat(a.ok("state.load", SWARM).get("state")).hasToString(json("{'step':1}"));
    assertThat(a.ok("checkpoint.delete", one))
        .hasToString(json("{'checkpointId':'" + id + "','deleted':true}"));
    assertThat(a.ok("checkpoint.list", SWARM)).hasToString(json("{'checkpoints':[]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state.load",
        "state.delete",
        "snapshot.create",
        "snapshot.list",
        "checkpoint.list",
        "swarm.recover"
      })
  void strangers_always_areRefused(String method) {
    save("{}");
    assertThat(b.refusal(method, SWARM)).isEqualTo("PERMISSION_DENIED");
    assertThat(b.refusal(method, json("{'swarmId':'nobody'}"))).isEqualTo("NOT_FOUND");
    b.ok("swarm.attach", json("{'swarmId':'a','key':'" + key + "'}"));
    assertThat(a.refusal(method, SWARM)).isEqualTo("FENCED");
  }

  @Test
  void recover_whileSourcesAreLostOneAfterTheOther_walksTheirOrder() {
    save("{'from':'snapshot'}");
    a.ok("snapshot.create", SWARM);
    a.ok("checkpoint.create", json("{'swarmId':'a','data':{'from':'checkpoint'}}"));
    save("{'from':'state'}");
    assertThat(a.ok("swarm.recover", SWARM).get("source").asString()).isEqualTo("state");

    deleteState();
    JsonNode second = a.ok("swarm.recover", SWARM);
    assertThat(second.get("source").asString()).isEqualTo("checkpoint");
    assertThat(second.get("state")).hasToString(json("{'from':'checkpoint'}"));
    assertThat(second.get("version").asLong()).isEqualTo(3);

    String id = a.ok("checkpoint.list", SWARM).at("/checkpoints/0/checkpointId").asString();
    a.ok("checkpoint.delete", json("{'swarmId':'a','checkpointId':'" + id + "'}"));
    deleteState();
    assertThat(a.ok("swarm.recover", SWARM).get("source").asString()).isEqualTo("snapshot");

    id = a.ok("snapshot.list", SWARM).at("/snapshots/0/snapshotId").asString();
    a.ok("snapshot.delete", json("{'swarmId':'a','snapshotId':'" + id + "'}"));
    deleteState();
    assertThat(a.ok("swarm.recover", SWARM))
        .hasToString(
            json("{'success':false,'swarmId':'a','source':null,'state':null,'recoveryPlan':null}"));
  }

  @Test
  void recover_afterAGoodbye_tellsWhatTheLedgerAndThePoolsKnow() {
    // Without any swarm nobody leads, and so nobody looks for what is to be returned.
    b.ok("swarm.create", json("{'id':'b','objective':'x'}"));
    a.ok("resource.define", json("{'type':'gpu','total':4}"));
    a.ok("resource.allocate", json("{'swarmId':'a','type':'gpu','amount':3}"));
    for (String id : new String[] {"t1", "t2"}) {
      a.ok("task.submit", json("{'task':{'id':'" + id + "','description':'work'}}"));
    }
    a.ok("task.request", json("{'swarmId':'a','n':2}"));
    a.next("task.assigned");
    a.next("task.assigned");
    a.ok("task.complete", json("{'swarmId':'a','taskId':'t1','attempt':1}"));
    save(
        "{'phase':'build','agents':[{}],'tasks':[{'id':'t2','description':'d','status':'in_progress'},"
            + "{'id':'own','description':'d'}]}");
    a.close();
    assertThat(a.closeCode()).isEqualTo(1000);
    awaitValue(
        "the return of the resources",
        PATIENCE,
        () -> b.ok("resource.list", "{}").at("/resources/0/available").asInt(),
        available -> available == 4);
    awaitValue(
        "the return of the task",
        PATIENCE,
        () -> b.ok("task.get", json("{'taskId':'t2'}")).at("/task/status").asString(),
        "pending"::equals);
    b.ok("swarm.attach", json("{'swarmId':'a','key':'" + key + "'}"));

    JsonNode recovered = b.ok("swarm.recover", SWARM);

    assertThat(recovered.get("success").asBoolean()).isTrue();
    JsonNode plan = recovered.get("recoveryPlan");
    assertThat(plan.get("resumeFrom").asString()).isEqualTo("build");
    assertThat(plan.get("completedTasks")).hasToString(json("['t1']"));
    assertThat(plan.get("inProgressTasks")).hasToString("[]");
    assertThat(plan.get("pendingTasks")).hasToString(json("['t2','own']"));
    assertThat(plan.get("progress").asDouble()).isEqualTo(1.0 / 3);
    assertThat(plan.get("nextActions"))
        .hasToString(
            json(
                "['Allocate again what was returned: 3 gpu','Restart 1 agents',"
                    + "'Ask for tasks; these wait: t2, own']"));
    assertThat(plan.get("estimatedTime").isIntegralNumber()).isTrue();
    assertThat(plan.get("confidence").asDouble()).isEqualTo(0.95);
    JsonNode verified = plan.get("verified");
    assertThat(verified.get("source").asString()).isEqualTo("state");
    assertThat(verified.get("version").asLong()).isEqualTo(1);
    assertThat(verified.get("ageMs").asLong()).isNotNegative();
    assertThat(verified.get("checksum").asString()).matches("[0-9a-f]{40}");
    assertThat(verified.get("damaged")).hasToString("[]");
    assertThat(verified.get("tasksRequeued").asInt()).isEqualTo(1);
    assertThat(verified.get("resourcesHeld")).hasToString("{}");
    assertThat(verified.get("resourcesReturned")).hasToString(json("{'gpu':3}"));
  }

  private static String json(String withSingleQuotes) {
    return withSingleQuotes.replace('\'', '"');
  }
}
