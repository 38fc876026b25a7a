package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.judge.TaskAudit.Ending;
import io.multiswarm.load.judge.TaskAudit.Note;
import io.multiswarm.load.judge.TaskAudit.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskAuditTest {

  private final TaskAudit audit = new TaskAudit();

  @BeforeEach
  void taskIsDone() {
    audit.accepted(0);
    audit.completed("anna", 0, 2);
  }

  @Test
  void verdict_storeSaysTheSame_isClean() {
    read("completed", "anna", 2, note("assigned", 1), note("assigned", 2), note("completed", 2));

    assertThat(audit.verdict()).isEqualTo(new Verdict(1, 0, 0, 0, 0, 0));
    assertThat(audit.verdict().isClean()).isTrue();
    assertThat(audit.examples()).isEmpty();
  }

  @Test
  void verdict_taskWithoutAnAnswer_isReadLikeTheRest() {
    read("completed", "anna", 2);
    audit.read(new Ending(7, "completed", "bert", 1, List.of()));

    assertThat(audit.verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0, 0));
  }

  @Test
  void verdict_storeHasForgottenIt_isMissing() {
    assertThat(audit.verdict().missing()).isOne();
  }

  @Test
  void verdict_pendingInTheEnd_isNotCompleted() {
    read("pending", "", 2);

    assertThat(audit.verdict().notCompleted()).isOne();
    assertThat(audit.examples()).anyMatch(example -> example.contains("task 0 is not completed"));
  }

  @Test
  void verdict_twoCompletionsInItsHistory_isCompletedAgain() {
    read("completed", "anna", 2, note("completed", 1), note("completed", 2));

    assertThat(audit.verdict().completedAgain()).isOne();
  }

  @Test
  void verdict_sameAttemptTwiceInItsHistory_hasNotGrown() {
    read("completed", "anna", 2, note("assigned", 2), note("pending", 2), note("assigned", 2));

    assertThat(audit.verdict().attemptsNotGrown()).isOne();
  }

  @Test
  void verdict_completedByAnotherThanTold_contradicts() {
    read("completed", "bert", 3);

    assertThat(audit.verdict().contradicting()).isOne();
    assertThat(audit.verdict().isClean()).isFalse();
  }

  private void read(String status, String swarm, long attempt, Note... history) {
    audit.read(new Ending(0, status, swarm, attempt, Stream.of(history).toList()));
  }

  private static Note note(String status, long attempt) {
    return new Note(status, attempt);
  }
}
