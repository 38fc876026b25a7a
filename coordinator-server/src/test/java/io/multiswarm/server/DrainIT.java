package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A node is stopped under work, and its client goes on at another one, as "Coming back" in
 * docs/protocol.md says: with its swarms, with what they were doing, and with nothing done twice.
 */
@RedisTest
class DrainIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> SWARMS = List.of("w0", "w1", "w2");
  private static final int CREDIT = 3;
  private static final int TASKS = 40;

  private final Map<String, String> keys = new HashMap<>();

  /** What was begun and not reported yet. */
  private final Map<String, Given> atWork = new LinkedHashMap<>();

  /** The attempts of each task that was begun. */
  private final Map<String, Set<Integer>> begun = new HashMap<>();

  private TestServer first;
  private TestServer second;

  private record Given(String swarm, String task, int attempt) {
    static Given of(String swarm, JsonNode told) {
      return new Given(swarm, told.at("/task/id").asString(), told.get("attempt").asInt());
    }

    String report() {
      return "{\"swarmId\":\"%s\",\"taskId\":\"%s\",\"attempt\":%d}"
          .formatted(swarm, task, attempt);
    }
  }

  @BeforeEach
  void begin(TestRedis redis) {
    first = TestServer.start(redis);
    second = TestServer.start(redis);
  }

  @AfterEach
  void end() {
    second.close();
    first.close();
  }

  private void take(Given given) {
    if (atWork.putIfAbsent(given.task, given) == null) {
      begun.computeIfAbsent(given.task, any -> new HashSet<>()).add(given.attempt);
    }
  }

  private void takeNext(JsonClient worker) {
    JsonNode told = worker.next("task.assigned");
    take(Given.of(told.get("swarmId").asString(), told));
  }

  private static void request(JsonClient worker, String swarm, int n) {
    worker.ok("task.request", "{\"swarmId\":\"" + swarm + "\",\"n\":" + n + "}");
  }

  /** As many tasks as there is credit for, until so many are done. */
  private void work(JsonClient worker, int done) {
    for (int i = 0; i < done; i++) {
      if (atWork.isEmpty()) {
        takeNext(worker);
      }
      Given oldest = atWork.values().iterator().next();
      worker.ok("task.complete", oldest.report());
      atWork.remove(oldest.task);
      request(worker, oldest.swarm, 1);
    }
  }

  /** Steps 1 to 4: what is at work and has no lease any more would be lost. */
  private JsonClient comeBack() {
    JsonClient worker = second.connect();
    Map<String, Given> had = new LinkedHashMap<>(atWork);
    for (String swarm : SWARMS) {
      JsonNode attached =
          worker.ok(
              "swarm.attach",
              "{\"swarmId\":\"" + swarm + "\",\"key\":\"" + keys.get(swarm) + "\"}");
      assertThat(attached.at("/swarm/status").asString()).isEqualTo("active");
      for (JsonNode lease : attached.get("leases")) {
        Given held = Given.of(swarm, lease);
        had.remove(held.task, held);
        take(held);
      }
    }
    assertThat(had).as("what was at work and is lost").isEmpty();
    for (String swarm : SWARMS) {
      long leases = atWork.values().stream().filter(given -> given.swarm.equals(swarm)).count();
      if (leases < CREDIT) {
        request(worker, swarm, (int) (CREDIT - leases));
      }
    }
    return worker;
  }

  @Test
  void node_stoppedUnderWork_leavesItsSwarmsAndTheirTasksToTheNext() {
    JsonClient other = second.connect();
    JsonClient worker = first.connect();
    for (String swarm : SWARMS) {
      JsonNode made =
          worker.ok("swarm.create", "{\"id\":\"" + swarm + "\",\"objective\":\"work\"}");
      keys.put(swarm, made.get("key").asString());
      request(worker, swarm, CREDIT);
    }
    for (int i = 0; i < TASKS; i++) {
      other.ok(
          "task.submit",
          "{\"task\":{\"id\":\"t%d\",\"description\":\"d\",\"timeoutMs\":600000}}".formatted(i));
    }
    for (int i = 0; i < SWARMS.size() * CREDIT; i++) {
      takeNext(worker);
    }
    work(worker, 5);

    // Their answers may or may not come: whether they were accepted is not known.
    List<Given> unanswered = List.copyOf(atWork.values()).subList(0, 3);
    unanswered.forEach(given -> worker.call("task.complete", given.report()));
    CompletableFuture<Void> stopped = first.running().stop().toFuture();
    assertThat(worker.closeCode()).isEqualTo(4001);
    assertThat(stopped).succeedsWithin(SOON);
    unanswered.forEach(given -> atWork.remove(given.task));

    JsonClient again = comeBack();
    unanswered.forEach(given -> again.ok("task.complete", given.report()));
    unanswered.forEach(given -> atWork.remove(given.task));
    Await.await("all tasks", SOON, () -> everythingIsDone(again, other));

    assertThat(begun).hasSize(TASKS);
    assertThat(begun.values()).as("attempts of each task").allMatch(Set.of(1)::equals);
    assertThat(other.ok("swarm.list", "{}").get("swarms"))
        .extracting(swarm -> swarm.get("id").asString())
        .containsExactlyInAnyOrderElementsOf(SWARMS);
    again.close();
    other.close();
  }

  private boolean everythingIsDone(JsonClient worker, JsonClient other) {
    int open = TASKS - begun.size() + atWork.size();
    work(worker, open);
    JsonNode tasks = other.ok("stats.get", "{}").get("tasks");
    return tasks.get("tasksCompleted").asInt() == TASKS;
  }
}
