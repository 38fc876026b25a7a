package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
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

/** A hundred swarms on a socket each, on two nodes, that vote. */
@RedisTest
class VotingFleetIT {

  private static final int VOTERS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For votes that end when a test says so, in ms. */
  private static final int LONG = 600_000;

  private TestRedis redis;
  private TestServer first;
  private TestServer second;
  private final List<JsonClient> voters = new ArrayList<>();

  @BeforeEach
  void start(TestRedis redis) {
    this.redis = redis;
    CoordinationOptions options =
        CoordinationOptions.defaults()
            .withLiveness(
                new Liveness(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(30)));
    first = TestServer.start(redis, options);
    second = TestServer.start(redis, options);
    for (int i = 0; i < VOTERS; i++) {
      voters.add((i % 2 == 0 ? first : second).connect());
      voters.get(i).ok("swarm.create", json("{'id':'" + id(i) + "','objective':'vote'}"));
    }
  }

  @AfterEach
  void stop() {
    voters.forEach(JsonClient::crash);
    second.close();
    first.close();
  }

  @Test
  void vote_withDoubleForeignAndLateBallots_countsOneOfEachUntilTheQuorum() {
    CompletableFuture<JsonNode> resolving = resolve(0, "c1", LONG, 90);
    voters.forEach(VotingFleetIT::awaitAsked);
    JsonClient stranger = second.connect();
    stranger.ok("swarm.create", json("{'id':'stranger','objective':'x'}"));
    assertThat(stranger.refusal("conflict.vote", ballot("c1", "stranger", "v0")))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(stranger.refusal("conflict.vote", ballot("c1", "v5", "v0")))
        .isEqualTo("PERMISSION_DENIED");
    assertThat(stranger.refusal("conflict.vote", ballot("c1", "nobody", "v0")))
        .isEqualTo("NOT_FOUND");

    List<CompletableFuture<JsonNode>> once = new ArrayList<>();
    List<CompletableFuture<JsonNode>> again = new ArrayList<>();
    for (int i = 0; i < 89; i++) {
      once.add(voters.get(i).call("conflict.vote", ballot("c1", id(i), i < 39 ? "v0" : "v1")));
      again.add(voters.get(i).call("conflict.vote", ballot("c1", id(i), "v0")));
    }
    once.forEach(JsonClient::ok);
    again.forEach(ballot -> assertThat(name(ballot)).isEqualTo("ALREADY_EXISTS"));
    assertThat(resolving).isNotDone();
    voters.get(89).ok("conflict.vote", ballot("c1", id(89), "v0"));

    JsonNode resolved = JsonClient.ok(resolving);
    assertThat(resolved.get("winner").asString()).isEqualTo("v1");
    assertThat(resolved.get("votes")).hasToString(json("{'v0':40,'v1':50}"));
    for (int i = 90; i < VOTERS; i++) {
      assertThat(voters.get(i).refusal("conflict.vote", ballot("c1", id(i), "v0")))
          .isEqualTo("FAILED_PRECONDITION");
    }
    assertThat(JsonClient.ok(resolve(1, "c1", 1_000, 1))).isEqualTo(resolved);
    stranger.crash();
  }

  @Test
  void vote_whoseTimeIsOver_isDecidedByPriorityAndTakesNoMoreBallots() {
    CompletableFuture<JsonNode> resolving = resolve(0, "c1", LONG, 50);
    voters.forEach(VotingFleetIT::awaitAsked);
    for (int i = 0; i < 10; i++) {
      voters.get(i).ok("conflict.vote", ballot("c1", id(i), "v1"));
    }
    timeIsOver("c1");
    JsonNode resolved = JsonClient.ok(resolving);
    assertThat(resolved.get("winner").asString()).isEqualTo("v0");
    assertThat(resolved.get("reason").asString()).contains("quorum", "10 of 50");
    assertThat(resolved.get("votes")).hasToString(json("{'v0':0,'v1':10}"));
    assertThat(voters.get(20).refusal("conflict.vote", ballot("c1", id(20), "v0")))
        .isEqualTo("FAILED_PRECONDITION");
  }

  @Test
  void vote_whoseLeaderLeaves_isDecidedOnceByTheNext() {
    String leader = voters.get(1).ok("leader.get", "{}").get("node").asString();
    boolean firstLeads = voters.get(0).welcome().get("node").asString().equals(leader);
    int there = firstLeads ? 1 : 0;
    for (int n = 0; n < 10; n++) {
      resolve(firstLeads ? 0 : 1, "c" + n, LONG + n, 0);
    }
    voters.forEach(VotingFleetIT::awaitAsked);
    for (int i = there; i < VOTERS; i += 2) {
      voters.get(i).ok("conflict.vote", ballot("c0", id(i), "v1"));
    }
    (firstLeads ? first : second).close();
    for (int n = 0; n < 10; n++) {
      timeIsOver("c" + n);
    }

    String log = "{" + redis.fleet() + "}:swarm:sys:conflict-log";
    await("all to be decided", PATIENCE, () -> redis.number("XLEN", log) == 10);
    JsonNode history =
        voters
            .get(there)
            .ok("channel.history", json("{'channel':'swarm:coordination','limit':1000}"));
    List<String> told = new ArrayList<>();
    for (JsonNode message : history.get("messages")) {
      JsonNode payload = message.at("/message/payload");
      if (payload.get("type").asString().equals("conflict_resolved")) {
        told.add(payload.at("/data/conflictId").asString() + payload.at("/data/winner").asString());
      }
    }
    assertThat(told).hasSize(10).doesNotHaveDuplicates();
    for (int n = 0; n < 10; n++) {
      JsonNode again = JsonClient.ok(resolve(there, "c" + n, 1_000, 1));
      assertThat(told).contains("c" + n + again.get("winner").asString());
    }
    assertThat(redis.number("XLEN", log)).isEqualTo(10);
  }

  private CompletableFuture<JsonNode> resolve(int by, String id, int timeoutMs, int quorum) {
    return voters
        .get(by)
        .call(
            "conflict.resolve",
            json(
                "{'conflictId':'%s','type':'x','swarmA':'v0','swarmB':'v1','strategy':'voting','timeoutMs':%d%s}"
                    .formatted(id, timeoutMs, quorum == 0 ? "" : ",'quorum':" + quorum)));
  }

  /** By Redis's clock, which counts the time of a vote. */
  private void timeIsOver(String id) {
    redis.cli("HSET", "{" + redis.fleet() + "}:swarm:sys:conflict:" + id, "deadline", "1");
  }

  private static void awaitAsked(JsonClient voter) {
    assertThat(voter.next("conflict.vote_requested").get("swarmA").asString()).isEqualTo("v0");
  }

  private static String name(CompletableFuture<JsonNode> call) {
    return JsonClient.error(call).at("/data/name").asString();
  }

  private static String ballot(String conflict, String swarm, String choice) {
    return json(
        "{'conflictId':'%s','swarmId':'%s','choice':'%s'}".formatted(conflict, swarm, choice));
  }

  private static String id(int number) {
    return "v" + number;
  }

  private static String json(String withSingleQuotes) {
    return withSingleQuotes.replace('\'', '"');
  }
}
