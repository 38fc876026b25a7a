package io.multiswarm.internal.tasks.queue;

import static io.multiswarm.tasks.TaskNode.done;
import static io.multiswarm.testing.Await.await;
import static io.multiswarm.testing.Await.awaitValue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskNode;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@RedisTest
@Tag("container")
class TaskTracesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private TestRedis redis;
  private TaskNode node;
  private Ownership a;
  private Ownership b;
  private final List<Assignment> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin(TestRedis redis) {
    this.redis = redis;
    node = TaskNode.start("n1", redis);
    a = node.swarm("a");
    b = node.swarm("b");
    await("leadership", PATIENCE, node::leads);
    node.workers().received(a).subscribe(received::add, error -> {});
    node.workers().received(b).subscribe(received::add, error -> {});
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void submit(String id) {
    node.submit(NewTask.builder("work").id(id).data(Json.parse("{\"large\":true}")).build());
  }

  private Assignment give(Ownership to, String taskId) {
    done(node.workers().request(to, 1, false));
    return awaitValue(
            "the assignment of " + taskId,
            PATIENCE,
            () ->
                received.stream()
                    .filter(one -> one.taskId().equals(taskId))
                    .filter(one -> one.swarmId().equals(to.swarmId()))
                    .toList(),
            list -> !list.isEmpty())
        .get(0);
  }

  private List<TaskTrace> traces(String... swarms) {
    return done(node.tasks.traces().of(List.of(swarms)).collectList());
  }

  @Test
  void traces_ofTasksInEveryPlace_tellWhoHasThemAndWhoHadThem() {
    submit("completed");
    give(a, "completed");
    node.workers().complete(a, "completed", 1, Json.NULL).block(PATIENCE);
    submit("passed-on");
    give(a, "passed-on");
    node.workers().release(a, "passed-on", 1).block(PATIENCE);
    give(b, "passed-on");
    submit("given-back");
    give(a, "given-back");
    node.workers().release(a, "given-back", 1).block(PATIENCE);
    submit("untouched");

    List<TaskTrace> ofA = traces("a");
    assertThat(ofA)
        .extracting(TaskTrace::id)
        .containsExactly("given-back", "passed-on", "completed");
    assertThat(ofA).extracting(TaskTrace::swarmId).containsExactly("a", "b", "a");
    assertThat(ofA)
        .extracting(TaskTrace::status)
        .containsExactly(TaskStatus.PENDING, TaskStatus.ASSIGNED, TaskStatus.COMPLETED);
    assertThat(ofA.get(1).before()).containsExactly("a");
    assertThat(ofA.get(1).took()).isNull();
    assertThat(ofA.get(2).took()).isGreaterThanOrEqualTo(Duration.ZERO);
    assertThat(traces("b")).containsExactly(ofA.get(1));
    assertThat(traces("b", "a", "nobody")).isEqualTo(ofA);
    assertThat(traces("nobody")).isEmpty();
  }

  @Test
  void search_ofALongLedger_readsPagesAndOnlyWhatItFinds() {
    submit("first");
    give(a, "first");
    IntStream.range(0, 600).forEach(i -> submit("t" + i));
    try (CommandLog log = redis.commandLog()) {
      assertThat(traces("a")).extracting(TaskTrace::id).containsExactly("first");
      assertThat(log.sent())
          .filteredOn(sent -> sent.contains(Script.RECOVERY_TASKS.sha1()))
          .filteredOn(sent -> sent.contains(redis.fleet()))
          .hasSize(7);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                traces(
                    IntStream.rangeClosed(0, 1_000).mapToObj(i -> "s" + i).toArray(String[]::new)));
  }

  @Test
  void search_amongTasksWithLongHistories_looksAtFewInACall() {
    submit("first");
    give(a, "first");
    IntStream.range(0, 100).forEach(i -> submit("t" + i));
    redis.cli(
        "EVAL",
        "for i = 0, 99 do redis.call('HSET', KEYS[1], 't' .. i, redis.call('HGET', KEYS[1], 't' .. i)"
            + " .. '\\nF1700000000000 1 b ' .. string.rep('x', 4000)) end",
        "1",
        node.context.keys().sys("tasks"));
    try (CommandLog log = redis.commandLog()) {
      assertThat(traces("a")).extracting(TaskTrace::id).containsExactly("first");
      assertThat(log.sent())
          .filteredOn(sent -> sent.contains(Script.RECOVERY_TASKS.sha1()))
          .filteredOn(sent -> sent.contains(redis.fleet()))
          .as("about 64 KiB each")
          .hasSize(6);
    }
    assertThat(traces("b")).hasSize(100);
  }
}
