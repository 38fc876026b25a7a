package io.multiswarm.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskPage;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LedgerFactsTest {

  private static Map<String, TaskFacts> facts(Task... tasks) {
    TaskQueue queue =
        (TaskQueue)
            Proxy.newProxyInstance(
                TaskQueue.class.getClassLoader(),
                new Class<?>[] {TaskQueue.class},
                (proxy, method, args) -> {
                  assertThat(method.getName()).isEqualTo("list");
                  return Mono.just(new TaskPage(Arrays.asList(tasks), null));
                });
    Map<String, TaskFacts> facts =
        new LedgerFacts(queue, swarm -> Mono.just(Map.of()))
            .tasks(List.of("a", "b"))
            .toFuture()
            .join();
    assertThat(facts).isNotNull();
    return facts;
  }

  private static Task task(
      String id, TaskStatus status, @Nullable String swarmId, String... history) {
    return new Task(
        id,
        Json.EMPTY_OBJECT,
        status,
        1,
        0,
        swarmId,
        null,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        Stream.of(history).map(note -> Json.parse(note.replace('\'', '"'))).toList());
  }

  @Test
  void tasks_ofSeveralSwarms_areSortedByWhoHasThem() {
    Map<String, TaskFacts> facts =
        facts(
            task("t1", TaskStatus.COMPLETED, "a"),
            task("t2", TaskStatus.ASSIGNED, "a"),
            task("t3", TaskStatus.ASSIGNED, "b"),
            task("t4", TaskStatus.ASSIGNED, "c"),
            task("t5", TaskStatus.DEAD, "b"),
            task("t6", TaskStatus.CANCELLED, "b"));
    assertThat(facts).containsOnlyKeys("a", "b");
    assertThat(facts.get("a"))
        .isEqualTo(new TaskFacts(List.of("t1"), List.of("t2"), List.of(), null));
    assertThat(facts.get("b")).isEqualTo(new TaskFacts(List.of(), List.of("t3"), List.of(), null));
  }

  @Test
  void pendingTask_isOfWhoHadItLast() {
    Map<String, TaskFacts> facts =
        facts(
            task(
                "t1",
                TaskStatus.PENDING,
                null,
                "{'at':1,'status':'assigned','swarmId':'b'}",
                "{'at':2,'status':'pending'}",
                "{'at':3,'status':'assigned','swarmId':'a'}",
                "{'at':4,'status':'pending','reason':'lost'}"),
            task("t2", TaskStatus.PENDING, null, "{'at':1,'status':'pending'}"));
    assertThat(facts).containsOnlyKeys("a");
    assertThat(facts.get("a").requeued()).containsExactly("t1");
  }

  @Test
  void meanDuration_isFromTheLastAssignmentToTheCompletion() {
    Map<String, TaskFacts> facts =
        facts(
            task(
                "t1",
                TaskStatus.COMPLETED,
                "a",
                "{'at':0,'status':'pending'}",
                "{'at':1000,'status':'assigned','swarmId':'a'}",
                "{'at':4000,'status':'completed','swarmId':'a'}"),
            task(
                "t2",
                TaskStatus.COMPLETED,
                "a",
                "{'at':5000,'status':'assigned','swarmId':'a'}",
                "{'at':6000,'status':'completed','swarmId':'a'}"),
            task("t3", TaskStatus.COMPLETED, "a", "{'at':9,'status':'completed'}"));
    assertThat(facts.get("a").meanDuration()).isEqualTo(Duration.ofSeconds(2));
  }
}
