package io.multiswarm;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.conflict.VoteRequest;
import io.multiswarm.internal.redis.Checksum;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.state.Snapshot;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.Subscriptions;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One record of each kind is damaged by hand; whoever reads many goes on past it. */
@RedisTest
class UnreadableRecordsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private TestRedis redis;
  private Keys keys;
  private MultiSwarmCoordination node;
  private Ownership sound;

  @BeforeEach
  void start(TestRedis server) {
    redis = server;
    keys = new Keys(server.fleet());
    node =
        MultiSwarmCoordination.create(
            server.uri(), CoordinationOptions.defaults().withFleet(server.fleet()));
    node.initialize().block(SOON);
    sound = create("sound");
  }

  private Ownership create(String id) {
    return node.createSwarm(NewSwarm.of("work").withId(id)).block(SOON).coordinator().ownership();
  }

  @AfterEach
  void stop() {
    node.shutdown().block(SOON);
  }

  /** Each way in which a swarm's record can be no record. */
  private List<String> damagedSwarms() {
    List<String> ids = List.of("no-json", "no-object", "deep", "no-word", "no-number", "no-hash");
    ids.forEach(this::create);
    redis.cli("HSET", keys.record("no-json"), "metadata", "{\"a\":");
    redis.cli("HSET", keys.record("no-object"), "metadata", "7");
    redis.cli(
        "HSET",
        keys.record("deep"),
        "metadata",
        "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}");
    redis.cli(
        "HSET", keys.record("no-word"), "status", "sleepy", "metadata", "{\"priority\":\"x\"}");
    redis.cli("HSET", keys.record("no-number"), "maxAgents", "many", "metadata", "{\"tags\":1}");
    redis.cli("DEL", keys.record("no-hash"));
    redis.cli("SET", keys.record("no-hash"), "text");
    return ids;
  }

  @Test
  void swarms_damaged_areLeftOutOfListsAndCountedAndTasksGoOn() {
    List<String> damaged = damagedSwarms();

    assertThat(node.registry().list(SwarmQuery.ALL).block(SOON).swarms())
        .extracting(Swarm::id)
        .containsExactly("sound");
    assertThat(node.unreadableRecords()).isGreaterThanOrEqualTo(damaged.size());
    for (String id : damaged) {
      refused(ErrorCode.FAILED_PRECONDITION, () -> node.registry().get(id).block(SOON));
    }
    node.distributeTask("sound", NewTask.builder("d").id("t1").build()).block(SOON);
    assertThat(node.workers().assignments(sound).blockFirst(SOON).taskId()).isEqualTo("t1");
    damaged.forEach(id -> node.deregisterSwarm(id, "completed").block(SOON));
    assertThat(node.registry().statistics().block(SOON).totalSwarms()).isEqualTo(1);
  }

  @Test
  void interrupted_damaged_keepNobodyFromRecovery() {
    List<String> damaged = damagedSwarms();
    Ownership other = create("other");
    node.stateManager().states().save(other, Json.parse("{\"n\":1}"), null).block(SOON);
    node.stateManager().snapshots().create(other, "one").block(SOON);
    damaged.forEach(id -> redis.cli("SADD", keys.status("interrupted"), id));
    redis.cli("SADD", keys.status("interrupted"), "other", "nobody");
    redis.cli("HSET", keys.record("other"), "status", "interrupted");

    assertThat(node.registry().interrupted().block(SOON))
        .extracting(Swarm::id)
        .containsExactly("other");
    List<RecoveryResult> recovered =
        node.recovery().recoverAllInterrupted().collectList().block(SOON);
    assertThat(recovered).extracting(RecoveryResult::swarmId).contains("other");
  }

  @Test
  void state_thatNobodyCanRead_keepsNobodyFromRecovery() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Ownership owner = create("s" + i);
      ids.add("s" + i);
      node.stateManager().states().save(owner, Json.parse("{\"phase\":\"p\"}"), null).block(SOON);
    }
    damageState("s1", "no json");
    damageState("s2", "{\"tasks\":" + "[".repeat(400) + "]".repeat(400) + "}");
    redis.cli("DEL", keys.state("s3"));
    redis.cli("HSET", keys.state("s3"), "a", "b");
    ids.forEach(id -> redis.cli("SADD", keys.status("interrupted"), id));
    ids.forEach(id -> redis.cli("HSET", keys.record(id), "status", "interrupted"));

    List<RecoveryResult> recovered =
        node.recovery().recoverAllInterrupted().collectList().block(SOON);
    assertThat(recovered).extracting(RecoveryResult::swarmId).contains("s0", "s1", "s2", "s4");
  }

  /** With the right checksum, as if an older version had let it in. */
  private void damageState(String id, String text) {
    redis.cli("SET", keys.state(id), text);
    String sha1 = Checksum.of(text.getBytes(StandardCharsets.UTF_8));
    redis.cli("HSET", keys.sys("state", id), "sha1", sha1, "bytes", "" + text.length());
  }

  @Test
  void copies_damaged_areLeftOutAndGoFirst() {
    node.stateManager().states().save(sound, Json.EMPTY_OBJECT, null).block(SOON);
    Snapshot kept = node.createSnapshot("sound", "kept").block(SOON);
    String index = keys.sys("snapshots", "sound");
    redis.cli("HSET", index, "bad-1", "nonsense", "bad-2", "1 2 3", "bad-3", "");

    assertThat(node.stateManager().snapshots().list(sound).block(SOON))
        .extracting(Snapshot::id)
        .containsExactly(kept.id());
    assertThat(node.unreadableRecords()).isEqualTo(3);
    for (int i = 0; i < 9; i++) {
      node.createSnapshot("sound", "n" + i).block(SOON);
    }
    assertThat(node.stateManager().snapshots().list(sound).block(SOON)).hasSize(10).contains(kept);
    assertThat(redis.number("HLEN", index)).isEqualTo(12);
  }

  @Test
  void history_withForeignEntries_isReadPastThem() {
    String channel = ChannelName.GLOBAL;
    node.broadcast("sound", NewMessage.of("a", 1)).block(SOON);
    redis.cli("XADD", keys.historyStream(channel), "*", "foo", "bar");
    node.broadcast("sound", NewMessage.of("b", 1)).block(SOON);
    redis.cli("XADD", keys.historyStream(channel), "*", "t", "x", "z", "1");
    node.broadcast("sound", NewMessage.of("c", 1).withId("given")).block(SOON);

    assertThat(node.channels().history(channel, null, 100).block(SOON).messages())
        .extracting(message -> message.message().type())
        .containsExactly("a", "b", "c");
    var position =
        node.channels().history(channel, null, 100).block(SOON).messages().get(0).position();
    List<String> heard =
        node.channels()
            .flux(channel, position)
            .take(4)
            .map(Object::toString)
            .collectList()
            .block(SOON);
    assertThat(heard).hasSize(4);
    assertThat(heard.get(0)).startsWith("Gap");
    assertThat(heard.get(2)).startsWith("Gap");
  }

  @Test
  void handlers_ofMessagesThatAreNoEnvelopes_goOn() {
    List<String> heard = new CopyOnWriteArrayList<>();
    node.getMessenger("sound")
        .onMessage("t")
        .map(Message::payload)
        .map(Json::toString)
        .subscribe(heard::add);
    Subscriptions.await(node.channels(), SOON);
    String channel = keys.channel(ChannelName.GLOBAL);
    long offset = 1_000_000_000L;
    String epoch = node.channels().history(ChannelName.GLOBAL, null, 1).block(SOON).epoch();
    for (String body :
        List.of("\"swarmId\":7}", "nonsense", "\"swarmId\":\"s\",\"payload\":" + "[".repeat(900))) {
      redis.cli(
          "PUBLISH", channel, "{\"epoch\":\"" + epoch + "\",\"offset\":" + offset++ + "," + body);
      redis.cli("PUBLISH", channel, body);
    }
    Object deep = List.of();
    for (int level = 1; level < Json.MAX_DEPTH; level++) {
      deep = List.of(deep);
    }
    String name = "n".repeat(70_000);
    node.broadcast("sound", NewMessage.of("t", deep)).block(SOON);
    node.broadcast("sound", NewMessage.of("t", Map.of(name, 1))).block(SOON);
    node.broadcast("sound", NewMessage.of("t", "last")).block(SOON);
    await("messages", SOON, () -> heard.stream().anyMatch(text -> text.contains("last")));
    assertThat(heard).hasSize(3);
  }

  @Test
  void resources_damaged_areLeftOut() {
    node.resources().define(PoolDefinition.of("gpu", 4)).block(SOON);
    node.resources().allocate(sound, AllocationRequest.of("gpu", 1)).block(SOON);
    redis.cli("HSET", keys.resources().get(1), "bad", "lots");
    redis.cli("HSET", keys.resources().get(2), "nobody", "nonsense");

    List<Pool> pools = node.resources().list(ResourceQuery.ALL).block(SOON);
    assertThat(pools).extracting(Pool::type).containsExactly("gpu");
    assertThat(pools.get(0).allocations()).hasSize(1);
  }

  @Test
  void votes_damaged_keepNobodyFromTheirs() {
    List<VoteRequest> asked = new CopyOnWriteArrayList<>();
    node.conflicts().voteRequests().subscribe(asked::add);
    redis.cli(
        "HSET",
        keys.sys("conflict", "bad"),
        "id",
        "bad",
        "type",
        "no json",
        "a",
        "x",
        "b",
        "y",
        "deadline",
        "9000000000000");
    redis.cli("SADD", keys.sys("conflict-electorate", "bad"), "sound");
    redis.cli("SET", keys.sys("conflict", "text"), "text");
    redis.cli("ZADD", keys.sys("conflict-open"), "1", "text", "2", "bad");
    redis.cli("PUBLISH", keys.signals(), "conflict-vote text");
    redis.cli("PUBLISH", keys.signals(), "conflict-vote bad");
    Conflict conflict =
        Conflict.of(
                "t", Contestant.registered("sound"), Contestant.registered(create("b").swarmId()))
            .voting(new Conflict.Vote(Duration.ofSeconds(1), 0, List.of()));

    assertThat(node.resolveConflict(conflict).block(SOON)).isNotNull();
    assertThat(asked).extracting(VoteRequest::conflictId).contains(conflict.id());
  }

  @Test
  void lists_byStatus_findAllOfIt() {
    for (int i = 0; i < 25; i++) {
      create("more-" + i);
    }
    redis.cli("SADD", keys.status("interrupted"), "more-3");
    redis.cli("SREM", keys.status("active"), "more-3");
    redis.cli("HSET", keys.record("more-3"), "status", "interrupted");
    SwarmQuery active = SwarmQuery.ALL.withStatus(SwarmStatus.ACTIVE).withLimit(10);
    List<String> found = new ArrayList<>();
    String cursor = null;
    do {
      var page = node.registry().list(active.withCursor(cursor)).block(SOON);
      page.swarms().forEach(swarm -> found.add(swarm.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(found).hasSize(25).doesNotHaveDuplicates().doesNotContain("more-3");
  }
}
