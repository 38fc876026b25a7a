package io.multiswarm.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.tasks.queue.TaskTrace;
import io.multiswarm.internal.tasks.queue.TaskTraces;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LedgerFactsTest {

  private final List<Integer> asked = new ArrayList<>();

  private Map<String, TaskFacts> facts(Collection<String> swarms, TaskTrace... tasks) {
    LedgerFacts facts =
        new LedgerFacts(
            some -> {
              asked.add(some.size());
              return Flux.just(tasks);
            },
            swarm -> Mono.just(ResourceFacts.NONE));
    return facts.tasks(swarms).toFuture().join();
  }

  private Map<String, TaskFacts> facts(TaskTrace... tasks) {
    return facts(List.of("a", "b"), tasks);
  }

  private static TaskTrace task(
      String id, TaskStatus status, @Nullable String swarmId, String... before) {
    return new TaskTrace(id, status, swarmId, Set.of(before), null);
  }

  private static TaskTrace completed(String id, String swarmId, @Nullable Duration took) {
    return new TaskTrace(id, TaskStatus.COMPLETED, swarmId, Set.of(), took);
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
            task("t6", TaskStatus.CANCELLED, "b"),
            task("t7", TaskStatus.PENDING, "b"));
    assertThat(facts).containsOnlyKeys("a", "b");
    assertThat(facts.get("a"))
        .isEqualTo(new TaskFacts(List.of("t1"), List.of("t2"), List.of(), List.of(), null));
    assertThat(facts.get("b"))
        .isEqualTo(
            new TaskFacts(List.of(), List.of("t3"), List.of("t7"), List.of("t5", "t6"), null));
  }

  @Test
  void task_thatAnotherSwarmHasNow_isGone() {
    Map<String, TaskFacts> facts =
        facts(
            task("t1", TaskStatus.ASSIGNED, "b", "a"),
            task("t2", TaskStatus.COMPLETED, "c", "b", "d"),
            task("t3", TaskStatus.CANCELLED, null, "a"));
    assertThat(facts.get("a"))
        .isEqualTo(new TaskFacts(List.of(), List.of(), List.of(), List.of("t1", "t3"), null));
    assertThat(facts.get("b").inProgress()).containsExactly("t1");
    assertThat(facts.get("b").gone()).containsExactly("t2");
  }

  @Test
  void meanDuration_isOfWhatWasMeasured() {
    Map<String, TaskFacts> facts =
        facts(
            completed("t1", "a", Duration.ofSeconds(3)),
            completed("t2", "a", Duration.ofSeconds(1)),
            completed("t3", "a", null),
            completed("t4", "b", null));
    assertThat(facts.get("a").meanDuration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(facts.get("b").meanDuration()).isNull();
  }

  @Test
  void swarms_moreThanTheLedgerTakes_areAskedForInParts() {
    List<String> swarms =
        IntStream.range(0, TaskTraces.MOST_SWARMS + 5).mapToObj(i -> "s" + i).toList();
    Map<String, TaskFacts> facts = facts(swarms, task("t1", TaskStatus.ASSIGNED, "s1003"));
    assertThat(asked).containsExactly(TaskTraces.MOST_SWARMS, 5);
    assertThat(facts).containsOnlyKeys("s1003");
    assertThat(facts.get("s1003").inProgress()).containsExactly("t1");
  }
}
