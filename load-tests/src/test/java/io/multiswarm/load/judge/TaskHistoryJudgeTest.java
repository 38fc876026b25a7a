package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Operation.Span;
import io.multiswarm.load.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TaskHistoryJudgeTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Operation> history = new ArrayList<>();

  @Test
  void history_ofTasksThatEndOnce_isClean() {
    submitted("t1");
    assigned("t1", 1, "a", 2);
    completed("t1", 1, "a", 3, Outcome.OK);

    assertThat(verdict().isClean()).isTrue();
    assertThat(verdict().accepted()).isEqualTo(1);
    assertThat(verdict().completed()).isEqualTo(1);
  }

  @Test
  void report_sentAgain_isTheSameCompletion() {
    assigned("t1", 1, "a", 2);
    completed("t1", 1, "a", 3, Outcome.OK);
    completed("t1", 1, "a", 4, Outcome.OK);

    assertThat(verdict().isClean()).isTrue();
  }

  @Test
  void report_refusedOrUnanswered_isNoCompletion() {
    assigned("t1", 1, "a", 2);
    assigned("t1", 2, "b", 5);
    completed("t1", 1, "a", 6, Outcome.FAILED);
    completed("t1", 1, "a", 7, Outcome.UNKNOWN);
    completed("t1", 2, "b", 8, Outcome.OK);

    assertThat(verdict().isClean()).isTrue();
  }

  @Test
  void task_completedByTwoAttempts_isConvicted() {
    assigned("t1", 1, "a", 2);
    completed("t1", 1, "a", 3, Outcome.OK);
    assigned("t1", 2, "b", 4);
    completed("t1", 2, "b", 5, Outcome.OK);

    assertThat(verdict().twice()).isEqualTo(1);
  }

  @Test
  void completion_ofWhatWasNeverAssigned_isConvicted() {
    assigned("t1", 1, "a", 2);
    completed("t1", 1, "b", 3, Outcome.OK);

    assertThat(verdict().unassigned()).isEqualTo(1);
    assertThat(verdict().examples())
        .containsExactly("b completed attempt 1 of t1, which it was not given");
  }

  @Test
  void attempt_ofTwoSwarms_isConvicted() {
    assigned("t1", 1, "a", 2);
    assigned("t1", 1, "b", 3);

    assertThat(verdict().attemptsOfTwo()).isEqualTo(1);
  }

  @Test
  void lease_toldWithAnAttachment_isAnAssignment() {
    add(
        "swarm.attach",
        Map.of("swarmId", "a"),
        1,
        2,
        Outcome.OK,
        Map.of(
            "leases", List.of(Map.of("swarmId", "a", "attempt", 3, "task", Map.of("id", "t1")))));
    completed("t1", 3, "a", 4, Outcome.OK);

    assertThat(verdict().isClean()).isTrue();
  }

  private void submitted(String task) {
    add("task.submit", Map.of("task", Map.of("id", task)), 0, 1, Outcome.OK, Map.of());
  }

  private void assigned(String task, long attempt, String swarm, long at) {
    add(
        "task.assigned",
        Map.of("swarmId", swarm, "attempt", attempt, "task", Map.of("id", task)),
        at,
        at,
        Outcome.OK,
        "");
  }

  private void completed(String task, long attempt, String swarm, long at, Outcome outcome) {
    add(
        "task.complete",
        Map.of("swarmId", swarm, "taskId", task, "attempt", attempt),
        at,
        at,
        outcome,
        Map.of());
  }

  private void add(
      String method, Object value, long invoked, long completed, Outcome outcome, Object result) {
    history.add(
        new Operation(1, method, tree(value), new Span(invoked, completed), outcome, tree(result)));
  }

  private static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  private TaskHistoryJudge.Verdict verdict() {
    return TaskHistoryJudge.judge(history);
  }
}
