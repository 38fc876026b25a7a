package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Resources and conflicts as a client of the wire protocol sees them. */
@RedisTest
class ResourcesAndConflictsIT {

  private TestServer server;
  private TestServer second;
  private JsonClient a;
  private JsonClient b;

  @BeforeEach
  void start(TestRedis redis) {
    server = TestServer.start(redis);
    second = TestServer.start(redis);
    a = server.connect();
    b = second.connect();
    a.ok("swarm.create", json("{'id':'a','objective':'x','metadata':{'priority':'low'}}"));
    b.ok("swarm.create", json("{'id':'b','objective':'x','metadata':{'priority':'high'}}"));
    a.ok("resource.define", json("{'type':'cpu','total':100}"));
    a.ok("resource.define", json("{'type':'gpu','total':2}"));
  }

  @AfterEach
  void stop() {
    a.crash();
    b.crash();
    second.close();
    server.close();
  }

  @Test
  void resources_givenAndTaken_areAsTheProtocolHasThem() {
    assertThat(a.ok("resource.define", json("{'type':'disk','total':0}")))
        .hasToString(json("{'type':'disk','total':0,'available':0}"));
    assertThat(a.ok("resource.allocate", json("{'swarmId':'a','type':'cpu','amount':30}")))
        .hasToString(json("{'allocated':30,'available':70}"));
    assertThat(a.ok("resource.allocate", json("{'swarmId':'a','resources':{'gpu':1,'cpu':10}}")))
        .hasToString(json("{'allocated':{'cpu':10,'gpu':1},'available':{'cpu':60,'gpu':1}}"));
    assertThat(a.ok("resource.release", json("{'swarmId':'a','type':'cpu','amount':5}")))
        .hasToString(json("{'released':5,'available':65}"));
    assertThat(b.ok("resource.list", json("{'type':'cpu'}")))
        .hasToString(
            json(
                "{'resources':[{'type':'cpu','total':100,'available':65,"
                    + "'allocations':[{'swarmId':'a','amount':35}]}]}"));
    a.ok("swarm.deregister", json("{'swarmId':'a'}"));
    assertThat(b.ok("resource.list", json("{'type':'cpu'}")).at("/resources/0/available").asInt())
        .isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "allocate; {'swarmId':'a','type':'cpu','amount':0}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','type':'cpu','amount':-1}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','type':'cpu','amount':1.5}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','type':'cpu','amount':9007199254740992}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','type':'cpu'}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','resources':{}}; INVALID_ARGUMENT",
        "allocate; {'swarmId':'a','type':'cpu','amount':101}; RESOURCE_EXHAUSTED",
        "allocate; {'swarmId':'a','type':'none','amount':1}; NOT_FOUND",
        "allocate; {'swarmId':'b','type':'cpu','amount':1}; PERMISSION_DENIED",
        "allocate; {'swarmId':'nobody','type':'cpu','amount':1}; NOT_FOUND",
        "release; {'swarmId':'a','type':'cpu','amount':0}; INVALID_ARGUMENT",
        "release; {'swarmId':'a','amount':1}; INVALID_ARGUMENT",
        "release; {'swarmId':'a','type':'cpu','requestId':''}; INVALID_ARGUMENT",
        "release; {'swarmId':'a','type':'cpu','requestId':7}; INVALID_ARGUMENT",
        "release; {'swarmId':'a','type':'cpu','amount':1}; FAILED_PRECONDITION",
        "release; {'swarmId':'a','type':'none'}; NOT_FOUND",
        "release; {'swarmId':'b','type':'cpu'}; PERMISSION_DENIED"
      })
  void resources_askedForWhatCannotBe_areRefused(String method, String params, String name) {
    assertThat(a.refusal("resource." + method, json(params))).isEqualTo(name);
  }

  @Test
  void release_repeatedAfterAnUnknownOutcome_isDoneOnce() {
    JsonNode created = a.ok("swarm.create", json("{'id':'c','objective':'x'}"));
    a.ok("resource.allocate", json("{'swarmId':'c','type':'cpu','amount':30,'requestId':'job'}"));
    String release = json("{'swarmId':'c','type':'cpu','amount':20,'requestId':'job'}");
    assertThat(a.ok("resource.release", release))
        .hasToString(json("{'released':20,'available':90}"));
    a.crash();
    JsonClient again = second.connect();
    again.ok("swarm.attach", json("{'swarmId':'c','key':'" + created.get("key").asString() + "'}"));
    assertThat(again.ok("resource.release", release))
        .hasToString(json("{'released':20,'available':90}"));
    assertThat(
            again.ok("resource.list", json("{'type':'cpu'}")).at("/resources/0/available").asInt())
        .isEqualTo(90);
    again.crash();
  }

  @Test
  void allocate_withWait_isAnsweredWhenItsTurnComes() {
    a.ok("resource.allocate", json("{'swarmId':'a','type':'gpu','amount':2}"));
    CompletableFuture<JsonNode> waiting =
        b.call(
            "resource.allocate", json("{'swarmId':'b','type':'gpu','amount':1,'waitMs':600000}"));
    await(
        "the other to be in the line",
        Duration.ofSeconds(30),
        () ->
            a.refusal("resource.allocate", json("{'swarmId':'a','type':'gpu','amount':1}"))
                .equals("RESOURCE_EXHAUSTED"));
    assertThat(waiting).isNotDone();
    a.ok("resource.release", json("{'swarmId':'a','type':'gpu','amount':1}"));
    assertThat(JsonClient.ok(waiting)).hasToString(json("{'allocated':1,'available':0}"));
    assertThat(a.refusal("resource.release", json("{'swarmId':'a','type':'gpu','amount':2}")))
        .isEqualTo("FAILED_PRECONDITION");
  }

  @Test
  void allocate_whoseSocketWasCutWhileItWaited_leavesTheLineAndIsGivenNothing() {
    a.ok("resource.allocate", json("{'swarmId':'a','type':'gpu','amount':2}"));
    b.call("resource.allocate", json("{'swarmId':'b','type':'gpu','amount':2,'waitMs':600000}"));
    await("the line", Duration.ofSeconds(30), () -> waitingCalls() == 1);
    b.crash();
    await("nobody in the line", Duration.ofSeconds(30), () -> waitingCalls() == 0);

    a.ok("resource.release", json("{'swarmId':'a','type':'gpu'}"));
    assertThat(a.ok("resource.list", json("{'type':'gpu'}")).at("/resources/0/available").asInt())
        .isEqualTo(2);
  }

  private int waitingCalls() {
    return a.ok("stats.get", "{}").at("/resources/waiting").asInt(-1);
  }

  @Test
  void conflict_byDefault_goesByPriority() {
    JsonNode resolved =
        a.ok("conflict.resolve", json("{'type':'resource_conflict','swarmA':'a','swarmB':'b'}"));
    assertThat(resolved.get("winner").asString()).isEqualTo("b");
    assertThat(resolved.get("loser").asString()).isEqualTo("a");
    assertThat(resolved.get("strategy").asString()).isEqualTo("priority");
    assertThat(resolved.has("votes")).isFalse();
    JsonNode objects =
        a.ok(
            "conflict.resolve",
            json(
                "{'type':'x','swarmA':{'id':'swarm1','metadata':{'priority':'high'}},"
                    + "'swarmB':{'id':'swarm2','metadata':{'priority':'normal'}}}"));
    assertThat(objects.get("winner").asString()).isEqualTo("swarm1");
    for (String bad : new String[] {"'a'", "7", "{}", "'leader'", "{'id':'a'}"}) {
      assertThat(
              a.refusal("conflict.resolve", json("{'type':'x','swarmA':'a','swarmB':" + bad + "}")))
          .as(bad)
          .isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(a.refusal("conflict.resolve", json("{'type':'x','swarmA':'a','swarmB':'nobody'}")))
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void conflict_byVote_asksSwarmsOfAllNodes() {
    CompletableFuture<JsonNode> resolving =
        a.call(
            "conflict.resolve",
            json("{'type':'x','swarmA':'a','swarmB':'b','strategy':'voting','timeoutMs':600000}"));
    JsonNode asked = b.next("conflict.vote_requested");
    assertThat(asked.get("swarmId").asString()).isEqualTo("b");
    assertThat(asked.get("timeoutMs").asInt()).isBetween(1, 600_000);
    assertThat(a.next("conflict.vote_requested").get("swarmId").asString()).isEqualTo("a");
    String id = asked.get("conflictId").asString();

    b.ok("conflict.vote", json("{'conflictId':'" + id + "','swarmId':'b','choice':'a'}"));
    assertThat(
            b.refusal(
                "conflict.vote", json("{'conflictId':'" + id + "','swarmId':'b','choice':'b'}")))
        .isEqualTo("ALREADY_EXISTS");
    a.ok("conflict.vote", json("{'conflictId':'" + id + "','swarmId':'a','choice':'a'}"));
    JsonNode resolved = JsonClient.ok(resolving);
    assertThat(resolved.get("winner").asString()).isEqualTo("a");
    assertThat(resolved.at("/votes/a").asInt()).isEqualTo(2);
    assertThat(resolved.at("/votes/b").asInt()).isZero();
    assertThat(
            a.refusal(
                "conflict.vote", json("{'conflictId':'" + id + "','swarmId':'a','choice':'a'}")))
        .isEqualTo("FAILED_PRECONDITION");
  }

  @Test
  void conflict_whileAVoterIsTakenOver_asksItsNewSession() {
    JsonClient c = server.connect();
    JsonNode created = c.ok("swarm.create", json("{'id':'c','objective':'x'}"));
    CompletableFuture<JsonNode> resolving =
        a.call(
            "conflict.resolve",
            json(
                "{'type':'x','swarmA':'a','swarmB':'b','strategy':'voting','timeoutMs':600000,"
                    + "'quorum':1,'electorate':['c']}"));
    String id = c.next("conflict.vote_requested").get("conflictId").asString();
    c.crash();
    JsonClient again = second.connect();
    again.ok("swarm.attach", json("{'swarmId':'c','key':'" + created.get("key").asString() + "'}"));
    assertThat(again.next("conflict.vote_requested").get("conflictId").asString()).isEqualTo(id);
    again.ok("conflict.vote", json("{'conflictId':'" + id + "','swarmId':'c','choice':'a'}"));
    assertThat(JsonClient.ok(resolving).get("winner").asString()).isEqualTo("a");
    again.crash();
  }

  private static String json(String withSingleQuotes) {
    return withSingleQuotes.replace('\'', '"');
  }
}
