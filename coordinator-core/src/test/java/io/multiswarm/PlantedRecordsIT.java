package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where scripts and duties read many, what is no record among them keeps nobody from the others.
 */
@RedisTest
class PlantedRecordsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<String> received = new CopyOnWriteArrayList<>();
  private TestRedis redis;
  private Keys keys;
  private MultiSwarmCoordination node;
  private Ownership worker;

  @BeforeEach
  void start(TestRedis server) {
    redis = server;
    keys = new Keys(server.fleet());
    node =
        MultiSwarmCoordination.create(
            server.uri(),
            CoordinationOptions.defaults().withFleet(server.fleet()).withLiveness(TestNodes.FAST));
    node.initialize().block(SOON);
    worker = create("w1").ownership();
  }

  @AfterEach
  void stop() {
    node.shutdown().block(SOON);
  }

  private Registration create(String id) {
    return node.registry().register(NewSwarm.of("work").withId(id)).block(SOON);
  }

  private void work(Ownership owner, int credit) {
    node.workers()
        .received(owner)
        .subscribe(
            given -> received.add(owner.swarmId() + ' ' + given.taskId() + ' ' + given.attempt()),
            over -> {});
    node.workers().request(owner, credit, false).block(SOON);
  }

  private void submit(NewTask.Builder task, String id) {
    node.tasks().submit(null, task.id(id).build()).block(SOON);
  }

  @Test
  void tasks_besideWhatIsNone_areGivenAgainAndComeDue() {
    redis.cli("HSET", keys.sys("tasks"), "cut", "assigned:1:w1:1");
    redis.cli("ZADD", keys.sys("task-leases"), "1", "u cut:1");
    redis.cli("ZADD", keys.sys("task-delayed"), "1", "garbage");
    redis.cli("HSET", keys.sys("task-lanes"), "garbage", "1", "9::", "1");
    redis.cli("ZADD", keys.sys("task-pending"), "0", "1::|junk");
    redis.cli("HSET", keys.sys("task-statistics"), "submitted", "x", "queueBytes", "y");
    redis.cli("ZADD", keys.sys("task-index"), "inf", "junk");
    redis.cli("ZADD", keys.index(), "inf", "junk");
    redis.killClients("pubsub");

    submit(NewTask.builder("x").lease(Duration.ofSeconds(1)), "leased");
    submit(NewTask.builder("x").delay(Duration.ofMillis(300)), "later");
    work(worker, 5);

    await("the delayed one", SOON, () -> received.contains("w1 later 1"));
    await("the end of a lease", SOON, () -> received.contains("w1 leased 2"));
    node.workers().complete(worker, "leased", 2, Json.of(1)).block(SOON);
    assertThat(node.getStatistics().block(SOON).tasks().tasksCompleted()).isEqualTo(1);
    create("later");
    assertThat(redis.text("ZSCORE", keys.index(), "later")).startsWith("1");
  }

  @Test
  void leases_besideABrokenRecord_areRenewed() {
    submit(NewTask.builder("x").lease(Duration.ofSeconds(2)), "broken");
    submit(NewTask.builder("x").lease(Duration.ofSeconds(2)), "sound");
    node.workers().request(worker, 2, true).block(SOON);
    await("assignments", SOON, () -> record("sound").startsWith("assigned:"));
    await("assignments", SOON, () -> record("broken").startsWith("assigned:"));
    redis.cli("HSET", keys.sys("tasks"), "broken", "assigned:1:w1:1");
    String before = record("sound").lines().findFirst().orElseThrow();

    await(
        "a renewal",
        SOON,
        () -> record("sound").startsWith("assigned:1:") && !record("sound").startsWith(before));
  }

  private String record(String taskId) {
    String record = redis.text("HGET", keys.sys("tasks"), taskId);
    return record == null ? "" : record;
  }

  @Test
  void assignments_besideWhatIsNone_areReadAndGoBack() {
    Registration leaving = create("w2");
    work(leaving.ownership(), 2);
    submit(NewTask.builder("x"), "kept");
    await("the assignment", SOON, () -> received.contains("w2 kept 1"));
    redis.cli("ZADD", keys.sys("task-assigned"), "0", "w2|x", "0", "w2|lost|y");
    redis.cli("HSET", keys.record("w2"), "maxAgents", "many", "createdAt", "long ago");

    assertThat(node.workers().held(leaving.ownership()).block(SOON)).hasSize(1);
    node.registry().detach(List.of(leaving.ownership()), Departure.GOODBYE).block(SOON);
    work(worker, 2);

    await("the task again", SOON, () -> received.contains("w1 kept 2"));
    assertThat(redis.list("ZRANGE", keys.sys("task-assigned"), "0", "-1"))
        .containsExactly("w1|kept|2");
  }

  @Test
  void reports_forARecordThatIsNone_areAccepted() {
    submit(NewTask.builder("x"), "done");
    submit(NewTask.builder("x"), "failed");
    work(worker, 2);
    await("assignments", SOON, () -> received.size() == 2);
    redis.cli("DEL", keys.record("w1"));
    redis.cli("SET", keys.record("w1"), "text");

    node.workers().complete(worker, "done", 1, Json.of(1)).block(SOON);
    node.workers().fail(worker, "failed", 1, Failure.of(Json.of("e"))).block(SOON);

    assertThat(record("done")).startsWith("completed:");
  }

  @Test
  void tasks_damaged_areLeftOutOfLists() {
    submit(NewTask.builder("x"), "sound");
    submit(NewTask.builder("x"), "damaged");
    String kept = record("damaged");
    redis.cli("HSET", keys.sys("tasks"), "damaged", kept + "\nnonsense");

    assertThat(node.tasks().list(TaskQuery.ALL).block(SOON).tasks())
        .extracting(Task::id)
        .containsExactly("sound");
  }

  @Test
  void swarms_besideOnesThatAreNone_liveAndAreInterrupted() {
    Registration hurt = create("hurt");
    Registration worse = create("worse");
    Registration sound = create("sound");
    redis.cli("HSET", keys.roster(), "hurt", "garbage");
    String before = redis.text("ZSCORE", keys.heartbeats(), "sound");

    await(
        "a heartbeat",
        SOON,
        () -> !redis.text("ZSCORE", keys.heartbeats(), "sound").equals(before));
    assertThat(node.registry().attach("hurt", hurt.key()).block(SOON).swarm().id())
        .isEqualTo("hurt");

    redis.cli("HDEL", keys.record("worse"), "status");
    node.registry()
        .detach(List.of(worse.ownership(), sound.ownership()), Departure.LOST)
        .block(SOON);
    redis.cli("HSET", keys.roster(), "worse", "x:");

    await(
        "the interruption",
        SOON,
        () -> node.registry().get("sound").block(SOON).status() == SwarmStatus.INTERRUPTED);
  }

  @Test
  void resources_besideWhatIsNone_areGivenAndReturned() {
    Ownership second = create("w2").ownership();
    node.resources().define(PoolDefinition.of("gpu", 4)).block(SOON);
    node.resources().allocate(worker, AllocationRequest.of("gpu", 3)).block(SOON);
    redis.cli("HSET", keys.resources().get(1), "bad", "lots");
    redis.cli("HSET", keys.resources().get(2), "ghost", "1|bad=3", "nobody", "nonsense");
    redis.cli("ZADD", keys.resources().get(3), "0", "gpu|junk");
    redis.cli("HSET", keys.resources().get(4), "ghost|1", "nonsense");
    redis.cli("HSET", keys.resources().get(5), "returned", "x", "waited", "y");

    AtomicReference<Grant> granted = new AtomicReference<>();
    node.resources()
        .allocate(second, AllocationRequest.of("gpu", 4).waiting(SOON))
        .subscribe(granted::set);
    await("a waiter", SOON, () -> redis.number("HLEN", keys.resources().get(4)) == 2);
    node.deregisterSwarm("w1", "completed").block(SOON);

    await("the grant", SOON, () -> granted.get() != null);
    await("the sweep", SOON, () -> redis.number("HEXISTS", keys.resources().get(2), "ghost") == 0);
    assertThat(node.getStatistics().block(SOON).resources()).isNotNull();
  }

  /** Each key of a channel, in place of which something else is put. */
  private List<List<String>> plantsOn(String channel) {
    return List.of(
        List.of("SET", keys.historyMeta(channel), "junk"),
        List.of("HSET", keys.historyMeta(channel), "a", "b"),
        List.of("SET", keys.historyStream(channel), "junk"),
        List.of("XADD", keys.historyStream(channel), "1000000000000000-5", "t", "1", "m", "x}"),
        List.of("SET", keys.historyIds(channel), "junk"));
  }

  @Test
  void channels_withKeysThatAreNone_goOnAndKeepNobodyFromHisWork() {
    for (String channel : List.of(ChannelName.GLOBAL, ChannelName.EVENTS, ChannelName.TASKS)) {
      int n = 0;
      for (List<String> plant : plantsOn(channel)) {
        redis.cli("DEL", plant.get(1));
        redis.cli(plant.toArray(String[]::new));
        String id = "on-" + n++ + '-' + channel.replace(':', '-');
        create(id);
        NewMessage message = NewMessage.of("t", id).withId(id);
        Object stored = node.broadcast("w1", message).block(SOON);
        assertThat(node.broadcast("w1", message).block(SOON)).isEqualTo(stored);
        assertThat(node.channels().history(channel, null, 10).block(SOON)).isNotNull();
      }
    }
    submit(NewTask.builder("x"), "t");
    work(worker, 1);
    await("the assignment", SOON, () -> received.contains("w1 t 1"));
    node.workers().complete(worker, "t", 1, Json.of(Map.of())).block(SOON);
  }

  @Test
  void calls_besideStatisticsThatAreNone_succeed() {
    for (String key : List.of(keys.metrics(), keys.stateStatistics(), keys.sys("conflict-log"))) {
      redis.cli("DEL", key);
      redis.cli("SET", key, "junk");
    }

    create("w2");
    node.stateManager().states().save(worker, Json.EMPTY_OBJECT, null).block(SOON);
    Conflict conflict = Conflict.of("t", Contestant.registered("w1"), Contestant.registered("w2"));
    assertThat(node.resolveConflict(conflict).block(SOON).winner()).isEqualTo("w1");
  }

  @Test
  void statistics_besideKeysThatAreNone_areTold() {
    redis.cli("DEL", keys.status("failed"));
    redis.cli("SET", keys.status("failed"), "junk");
    redis.cli("HSET", keys.metrics(), "totalExpired", "many");
    redis.cli("HSET", keys.nodeFacts(), "n-x", "nonsense");
    redis.cli("ZADD", keys.nodes(), "9000000000000", "n-x");

    assertThat(node.getStatistics().block(SOON).registry().totalRegistered()).isEqualTo(1);
    assertThat(node.nodes().list().block(SOON)).hasSize(1);
  }
}
