package io.multiswarm.server;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.SwarmCoordinator;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.Message;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.server.ctl.Ctl;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * What the door accepts, everything in the system reads: each kind of record is stored with values
 * and texts at and around every limit, and then read by all who do. What is refused is so by name.
 */
@RedisTest
class EveryValueIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Set<String> REFUSALS =
      Set.of("INVALID_ARGUMENT", "PAYLOAD_TOO_LARGE", "PARSE_ERROR");

  private static final CoordinationOptions OPTIONS =
      CoordinationOptions.defaults()
          .withHistory(new CoordinationOptions.History(1_000, Duration.ofHours(1), 64 << 20));

  private static final String WIRE = "{\"swarmId\":\"wire\",";
  private static final String BETWEEN = "\"swarmA\":\"wire\",\"swarmB\":{\"id\":\"x\"}";
  private static final String VOTING = ",\"strategy\":\"voting\",\"timeoutMs\":1";
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "1.5",
          "1e3",
          "1e400",
          "\"1\"",
          "9007199254740991",
          "9007199254740992",
          "9223372036854775808");

  private final List<String> accepted = new ArrayList<>();
  private TestServer server;
  private MultiSwarmCoordination embedded;
  private JsonClient client;
  private JsonClient other;

  @BeforeEach
  void start(TestRedis redis) {
    server = TestServer.start(redis, OPTIONS);
    embedded = MultiSwarmCoordination.create(redis.uri(), OPTIONS.withFleet(redis.fleet()));
    embedded.initialize().block(SOON);
    client = server.connect();
    other = server.connect();
    ok(client, "swarm.create", "{\"id\":\"wire\",\"objective\":\"o\"}");
  }

  @AfterEach
  void stop() {
    client.crash();
    other.crash();
    server.close();
    embedded.shutdown().block(SOON);
  }

  /**
   * No reader passed over a record, on either node, nor is there one that the statistics trip over.
   */
  private void allWasRead() {
    JsonNode statistics = ok(other, "stats.get", "{}");
    assertThat(statistics.findValue("unreadableRecords").asLong(-1)).isZero();
    assertThat(embedded.unreadableRecords()).isZero();
    embedded.getStatistics().block(SOON);
  }

  private boolean stores(String method, String params, String value) {
    return stored(method, params, value) != null;
  }

  /** What a call that stores is answered; null when it is refused, by name. */
  private @Nullable JsonNode stored(String method, String params, String value) {
    JsonNode answer = answer(client, method, params.replace("$V", value));
    if (answer.has("result")) {
      return answer.get("result");
    }
    assertThat(answer.at("/error/data/name").asString())
        .as(() -> method + " of " + shortened(value) + ": " + answer)
        .isIn(REFUSALS);
    return null;
  }

  /** Again while Redis is late: a machine may be busy, and large values keep it so. */
  private static JsonNode answer(JsonClient by, String method, String params) {
    return Await.awaitValue(
        method,
        SOON,
        () -> by.answer(method, params),
        answer -> !answer.at("/error/data/name").asString("").equals("UNAVAILABLE"));
  }

  private static JsonNode ok(JsonClient by, String method, String params) {
    JsonNode answer = answer(by, method, params);
    assertThat(answer.has("result")).as(() -> method + ": " + answer).isTrue();
    return answer.get("result");
  }

  private static String shortened(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "… " + value.length();
  }

  private static void same(JsonNode found, String value) {
    assertThat(found.equals(JsonClient.read(value))).as(shortened(value)).isTrue();
  }

  private static String text(Json json) {
    return json.toString();
  }

  @Test
  void messages_areHeardAndReadAsTheyWereSent() {
    SwarmCoordinator hearer = create("hearer");
    List<Message> heard = new CopyOnWriteArrayList<>();
    hearer.listen("t").block(SOON).subscribe(heard::add);
    hearer
        .listen("ask")
        .block(SOON)
        .flatMap(asked -> hearer.reply(asked, asked.data()))
        .subscribe(done -> {}, lost -> {});
    ok(other, "channel.subscribe", "{\"channel\":\"swarm:tasks\"}");
    List<String> published = new ArrayList<>();
    for (String value : EveryValue.payloads()) {
      String id = ",\"id\":\"m" + accepted.size() + "\",\"data\":$V}";
      String message = "{\"from\":\"wire\",\"to\":\"hearer\",\"type\":\"t\"" + id;
      if (stores("message.send", message, value)) {
        accepted.add(value);
        String ask =
            "{\"from\":\"wire\",\"to\":\"hearer\",\"type\":\"ask\",\"id\":\"a"
                + accepted.size()
                + "\",\"data\":"
                + value
                + "}";
        same(ok(client, "message.request", ask).get("data"), value);
        message = "{\"from\":\"wire\",\"channel\":\"swarm:tasks\",\"type\":\"p\"" + id;
        if (stores("message.publish", message, value)) {
          published.add(value);
        }
      }
    }
    await("all to be heard", SOON, () -> heard.size() == accepted.size());
    for (int i = 0; i < accepted.size(); i++) {
      same(JsonClient.read(text(heard.get(i).data())), accepted.get(i));
      heard.get(i).data().as(Object.class);
    }
    for (String value : published) {
      JsonNode told = Objects.requireNonNull(other.poll(SOON), "nothing was told");
      same(told.at("/params/message/payload/data"), value);
    }
    List<JsonNode> history = history("swarm:hearer");
    assertThat(history.size()).isEqualTo(2 * accepted.size());
    for (int i = 0; i < history.size(); i++) {
      same(history.get(i).at("/payload/data"), accepted.get(i / 2));
    }
    allWasRead();
  }

  private List<JsonNode> history(String channel) {
    List<JsonNode> read = new ArrayList<>();
    String since = "{\"epoch\":\"\",\"offset\":0}";
    JsonNode page;
    do {
      page =
          ok(other, "channel.history", "{\"channel\":\"" + channel + "\",\"since\":" + since + "}");
      page.get("messages").forEach(one -> read.add(one.get("message")));
      since = "{\"epoch\":" + page.get("epoch") + ",\"offset\":" + lastOf(page) + "}";
    } while (!page.get("messages").isEmpty());
    return read;
  }

  private static long lastOf(JsonNode page) {
    JsonNode messages = page.get("messages");
    return messages.isEmpty() ? 0 : messages.get(messages.size() - 1).get("offset").asLong();
  }

  private SwarmCoordinator create(String id) {
    return embedded.createSwarm(NewSwarm.of("o").withId(id)).block(SOON).coordinator();
  }

  @Test
  void tasks_areGivenAndToldAsTheyWereSubmitted() {
    SwarmCoordinator worker = create("worker");
    worker.work(4, assignment -> Mono.just(data(assignment))).subscribe(done -> {}, lost -> {});
    Map<String, String> tasks = new LinkedHashMap<>();
    for (String value : EveryValue.payloads()) {
      String id = "t" + tasks.size();
      String task =
          "{\"from\":\"wire\",\"task\":{\"id\":\"" + id + "\",\"description\":\"d\",\"data\":$V}}";
      if (stores("task.submit", task, value)) {
        tasks.put(id, value);
      }
    }
    tasks.forEach(
        (id, value) -> {
          JsonNode task = ok(other, "task.await", "{\"taskId\":\"" + id + "\"}").get("task");
          assertThat(task.get("status").asString()).as(shortened(value)).isEqualTo("completed");
          same(task.get("data"), value);
          same(task.path("result"), value);
          embedded.tasks().get(id).block(SOON);
          ok(other, "task.explain", "{\"taskId\":\"" + id + "\"}");
        });
    assertThat(all("task.list", "tasks").size()).isEqualTo(tasks.size());
    allWasRead();
  }

  private static Json data(Assignment given) {
    Json data = given.submitted().data();
    return data == null ? Json.NULL : data;
  }

  /** All pages of a list. */
  private List<JsonNode> all(String method, String items) {
    List<JsonNode> read = new ArrayList<>();
    JsonNode page = ok(other, method, "{}");
    page.get(items).forEach(read::add);
    while (page.has("nextCursor")) {
      page = ok(other, method, "{\"cursor\":" + page.get("nextCursor") + "}");
      page.get(items).forEach(read::add);
    }
    return read;
  }

  @Test
  void reports_areKeptAsTheyWereMade() {
    List<String> values = EveryValue.payloads();
    ok(
        client,
        "task.request",
        "{\"swarmId\":\"wire\",\"n\":" + values.size() + ",\"autoExtend\":true}");
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      String id = "f" + i;
      ok(client, "task.submit", "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"}}");
      assertThat(client.next("task.assigned").at("/task/id").asString()).isEqualTo(id);
      String report = "{\"swarmId\":\"wire\",\"taskId\":\"" + id + "\",\"attempt\":1,";
      boolean progressed = stores("task.extend", report + "\"progress\":$V}", value);
      JsonNode running = ok(other, "task.get", "{\"taskId\":\"" + id + "\"}").get("task");
      if (progressed && !value.equals("null")) {
        same(running.path("progress"), value);
      }
      if (stores("task.fail", report + "\"error\":$V,\"retry\":false}", value)) {
        JsonNode ended = ok(other, "task.await", "{\"taskId\":\"" + id + "\"}").get("task");
        same(ended.path("error"), value);
      } else {
        ok(client, "task.fail", report + "\"error\":1,\"retry\":false}");
      }
    }
    assertThat(all("task.list", "tasks").size()).isEqualTo(values.size());
    allWasRead();
  }

  @Test
  void swarmsAndStates_areListedRecoveredAndRestoredAsTheyWere() {
    JsonClient owner = client;
    Map<String, String> keys = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, String> states = new LinkedHashMap<>();
    for (String value : EveryValue.packed()) {
      String id = "s" + keys.size();
      String create = "{\"id\":\"" + id + "\",\"objective\":\"o\",\"metadata\":{\"v\":$V}}";
      if (stores("swarm.create", create, value)) {
        metadata.put(id, value);
      } else {
        ok(owner, "swarm.create", create.replace("$V", "1"));
        metadata.put(id, "1");
      }
      keys.put(id, ok(owner, "swarm.get", "{\"swarmId\":\"" + id + "\"}").toString());
      String of = "{\"swarmId\":\"" + id + "\",";
      if (stores("state.save", of + "\"state\":{\"v\":$V}}", value)) {
        states.put(id, value);
        ok(owner, "snapshot.create", of + "\"label\":\"l\"}");
        stores("checkpoint.create", of + "\"data\":{\"v\":$V}}", value);
      }
    }
    List<JsonNode> listed = all("swarm.list", "swarms");
    assertThat(listed.size()).isEqualTo(metadata.size() + 1);
    for (JsonNode swarm : listed) {
      String value = metadata.get(swarm.get("id").asString());
      if (value != null) {
        same(swarm.at("/metadata/v"), value);
      }
    }
    assertThat(embedded.getSwarms(SwarmQuery.ALL).block(SOON)).isNotEmpty();
    states.forEach(
        (id, value) -> {
          String of = "{\"swarmId\":\"" + id + "\"}";
          same(ok(owner, "state.load", of).at("/state/v"), value);
          same(ok(owner, "swarm.recover", of).at("/state/v"), value);
          ok(owner, "state.update", "{\"swarmId\":\"" + id + "\",\"patch\":{\"w\":1}}");
          String snapshot = ok(owner, "snapshot.list", of).at("/snapshots/0/snapshotId").asString();
          ok(
              owner,
              "snapshot.restore",
              "{\"swarmId\":\"" + id + "\",\"snapshotId\":\"" + snapshot + "\"}");
          same(ok(owner, "state.load", of).at("/state/v"), value);
          ok(owner, "checkpoint.list", of);
        });
    owner.close();
    await("the interruptions", SOON, () -> interrupted() == metadata.size() + 1);
    await("the recoveries", SOON, () -> recovered() >= 2L * states.size());
    client = server.connect();
    allWasRead();
  }

  private int interrupted() {
    return ok(other, "swarm.interrupted", "{}").get("swarms").size();
  }

  private long recovered() {
    return ok(other, "stats.get", "{}").findValue("recoveriesPerformed").asLong();
  }

  @Test
  void texts_thatWereAccepted_areInEveryList() {
    int swarms = 1;
    Set<String> tasks = new HashSet<>();
    for (String value : EveryValue.texts()) {
      String swarm =
          "{\"id\":\"n" + swarms + "\",\"objective\":" + value + ",\"strategy\":" + value;
      swarms += stores("swarm.create", swarm + "}", value) ? 1 : 0;
      swarm = "{\"id\":\"n" + swarms + "\",\"objective\":\"o\",\"metadata\":";
      swarms += stores("swarm.create", swarm + "{\"capabilities\":[$V]}}", value) ? 1 : 0;
      swarm = "{\"id\":\"n" + swarms + "\",\"objective\":\"o\",\"metadata\":";
      swarms += stores("swarm.create", swarm + "{\"tags\":[$V],\"phase\":$V}}", value) ? 1 : 0;
      for (String field : List.of("type", "estimatedEffort", "dedupeKey", "id")) {
        String task = "{\"task\":{\"description\":\"d\",\"" + field + "\":$V}}";
        submit(task, value, tasks);
      }
      submit("{\"task\":{\"description\":$V}}", value, tasks);
      String task = "{\"task\":{\"description\":\"d\",\"capabilities\":[$V]}}";
      submit(task, value, tasks);
      stores("state.save", "{\"swarmId\":\"wire\",\"state\":{\"phase\":$V}}", value);
      stores("snapshot.create", "{\"swarmId\":\"wire\",\"label\":$V}", value);
      stores("message.broadcast", "{\"from\":\"wire\",\"type\":$V,\"data\":1}", value);
    }
    assertThat(all("swarm.list", "swarms").size()).isEqualTo(swarms);
    List<JsonNode> listed = all("task.list", "tasks");
    assertThat(listed.stream().map(task -> task.get("id").asString())).containsAll(tasks);
    for (JsonNode task : listed) {
      ok(other, "task.explain", "{\"taskId\":" + task.get("id") + "}");
    }
    ok(other, "channel.history", "{\"channel\":\"swarm:global\",\"limit\":1000}");
    ok(client, "swarm.recover", "{\"swarmId\":\"wire\"}");
    allWasRead();
  }

  /** Two texts may be the same dedupe key, written otherwise. */
  private void submit(String task, String value, Set<String> tasks) {
    JsonNode submitted = stored("task.submit", task, value);
    if (submitted != null) {
      tasks.add(submitted.get("taskId").asString());
    }
  }

  @Test
  void resourcesAndConflicts_areListedAsTheyWereNamed() {
    Set<String> types = new HashSet<>();
    Set<String> conflicts = new HashSet<>();
    for (String value : EveryValue.texts()) {
      if (stores("resource.define", "{\"type\":$V,\"total\":3}", value)) {
        types.add(JsonClient.read(value).asString());
        ok(client, "resource.allocate", WIRE + "\"type\":" + value + ",\"amount\":2}");
      }
      resolve("\"type\":$V," + BETWEEN, value, conflicts);
      resolve("\"type\":\"t\",\"conflictId\":$V," + BETWEEN, value, conflicts);
      resolve("\"type\":\"t\",\"swarmA\":\"wire\",\"swarmB\":{\"id\":$V}", value, conflicts);
    }
    for (String number : NUMBERS) {
      String type = "n" + types.size();
      String define = "{\"type\":\"" + type + "\",\"total\":$V}";
      JsonNode pool = stored("resource.define", define, number);
      if (pool != null) {
        types.add(type);
        String amount = WIRE + "\"type\":\"" + type + "\",\"amount\":" + pool.get("total") + "}";
        if (pool.get("total").asLong() > 0) {
          same(ok(client, "resource.allocate", amount).get("available"), "0");
        }
      }
      resolve("\"type\":\"t\"," + BETWEEN + VOTING + ",\"quorum\":$V", number, conflicts);
    }
    JsonNode pools = ok(other, "resource.list", "{}").get("resources");
    assertThat(pools.valueStream().map(pool -> pool.get("type").asString()))
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(ctl("resources").at("/resources").size()).isEqualTo(types.size());
    assertThat(ctl("swarm", "wire").at("/swarm/id").asString()).isEqualTo("wire");
    assertThat(ctl("conflicts").findValuesAsString("conflictId")).containsAll(conflicts);
    allWasRead();
  }

  /** Decides it, and again: what is known is told, and nothing decided anew. */
  private void resolve(String params, String value, Set<String> resolved) {
    JsonNode decision = stored("conflict.resolve", "{" + params + "}", value);
    if (decision != null) {
      assertThat(decision.get("winner").asString()).isEqualTo("wire");
      resolved.add(decision.get("conflictId").asString());
      if (params.contains("conflictId")) {
        assertThat(stored("conflict.resolve", "{" + params + "}", value)).isEqualTo(decision);
      }
    }
  }

  /** What the command line prints as JSON. */
  private JsonNode ctl(String... command) {
    Ctl ctl = new Ctl();
    ctl.environment().put("MULTISWARM_URL", "ws://127.0.0.1:" + server.port());
    return JsonClient.read(ctl.printed(command));
  }

  @Test
  void votesAndReasons_areTakenOrRefusedByName() {
    List<String> texts = EveryValue.texts();
    for (int i = 0; i < texts.size(); i++) {
      String value = texts.get(i);
      CompletableFuture<JsonNode> decision =
          other.call(
              "conflict.resolve",
              "{\"type\":\"t\",\"conflictId\":\"v"
                  + i
                  + "\",\"quorum\":1,"
                  + BETWEEN
                  + ",\"strategy\":\"voting\",\"timeoutMs\":60000}");
      assertThat(client.next("conflict.vote_requested").get("conflictId").asString())
          .isEqualTo("v" + i);
      String vote = WIRE + "\"conflictId\":\"v" + i + "\",\"choice\":";
      stores("conflict.vote", vote + "$V}", value);
      ok(client, "conflict.vote", vote + "\"wire\"}");
      assertThat(JsonClient.ok(decision).at("/votes/wire").asInt()).isEqualTo(1);

      String id = "\"r" + i + "\"";
      ok(client, "task.submit", "{\"task\":{\"id\":" + id + ",\"description\":\"d\"}}");
      if (stores("task.cancel", "{\"taskId\":" + id + ",\"reason\":$V}", value)) {
        JsonNode cancelled = ok(other, "task.get", "{\"taskId\":" + id + "}").get("task");
        assertThat(cancelled.get("status").asString()).isEqualTo("cancelled");
        assertThat(cancelled.get("history").isEmpty()).isFalse();
      }
      ok(client, "swarm.create", "{\"id\":" + id + ",\"objective\":\"o\"}");
      if (!stores("swarm.deregister", "{\"swarmId\":" + id + ",\"reason\":$V}", value)) {
        ok(client, "swarm.deregister", "{\"swarmId\":" + id + "}");
      }
    }
    assertThat(all("task.list", "tasks").size()).isEqualTo(texts.size());
    ctl("tasks");
    ctl("stats");
    allWasRead();
  }

  @Test
  void agentsCheckpointsAndLateResults_areReadAsTheyWereGiven() {
    List<String> values = EveryValue.packed();
    ok(client, "task.request", WIRE + "\"n\":" + values.size() + ",\"autoExtend\":true}");
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (stores("swarm.update", WIRE + "\"agents\":[{\"id\":\"a\",\"v\":$V}]}", value)) {
        same(ok(other, "swarm.get", "{\"swarmId\":\"wire\"}").at("/swarm/agents/0/v"), value);
      }
      stores("swarm.heartbeat", WIRE + "\"agents\":[{\"id\":\"b\",\"v\":$V}]}", value);
      String of = "{\"swarmId\":\"c" + i + "\"";
      ok(client, "swarm.create", "{\"id\":\"c" + i + "\",\"objective\":\"o\"}");
      if (stores("checkpoint.create", of + ",\"data\":{\"v\":$V}}", value)) {
        JsonNode recovered = ok(client, "swarm.recover", of + "}");
        assertThat(recovered.get("source").asString()).isEqualTo("checkpoint");
        same(recovered.at("/state/v"), value);
      }
      ok(client, "swarm.deregister", of + "}");
      late("l" + i, value);
    }
    assertThat(all("task.list", "tasks").size()).isEqualTo(values.size());
    assertThat(embedded.getSwarms(SwarmQuery.ALL).block(SOON)).isNotEmpty();
    ctl("swarms");
    allWasRead();
  }

  /** The attempt is over when the result of it comes. */
  private void late(String id, String value) {
    ok(client, "task.submit", "{\"task\":{\"id\":\"" + id + "\",\"description\":\"d\"}}");
    assertThat(client.next("task.assigned").at("/task/id").asString()).isEqualTo(id);
    String report = WIRE + "\"taskId\":\"" + id + "\",\"attempt\":1";
    ok(client, "task.fail", report + ",\"error\":1,\"delayMs\":3600000}");
    JsonNode answer = answer(client, "task.complete", report + ",\"result\":" + value + "}");
    String refusal = answer.at("/error/data/name").asString("");
    JsonNode late = ok(other, "task.get", "{\"taskId\":\"" + id + "\"}").at("/task/lateResults/0");
    if (refusal.equals("FENCED")) {
      if (!late.path("truncated").asBoolean(false)) {
        same(late.path("result"), value);
      }
    } else {
      assertThat(refusal).as(shortened(value)).isIn(REFUSALS);
      assertThat(late.isMissingNode()).isTrue();
    }
    if (value.length() > 190 && value.length() < 600) {
      // What is about as deep as may be.
      ctl("task", id);
    }
  }
}
