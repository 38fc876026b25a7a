package io.multiswarm.load.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Most of these histories are wrong, and each in one way that the verdict must name. */
class TaskLedgerTest {

  private static final String ANNA = "anna";
  private static final String BERT = "bert";

  private final TaskLedger ledger = new TaskLedger();

  @BeforeEach
  void bothAreReady() {
    ledger.requested(ANNA, 2);
    ledger.requested(BERT, 2);
  }

  @Test
  void verdict_everyTaskDoneOnce_isClean() {
    done(ANNA, 0, 1);
    done(BERT, 1, 1);

    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.verdict().counts()).isEqualTo(new TaskVerdict.Counts(2, 2, 2));
    assertThat(ledger.isQuiet()).isTrue();
  }

  @Test
  void verdict_answersOvertakenByTheWork_isClean() {
    ledger.assigned(ANNA, 0, 1);
    ledger.completed(ANNA, 0, 1);
    ledger.accepted(0);

    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.isQuiet()).isTrue();
  }

  @Test
  void verdict_acceptedAndNeverAssigned_isLost() {
    ledger.accepted(0);

    assertThat(ledger.verdict().lost()).isEqualTo(1);
    assertThat(ledger.openTasks(5)).containsExactly(0L);
  }

  @Test
  void verdict_assignedAndNeverCompleted_isLost() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);

    assertThat(ledger.verdict().lost()).isEqualTo(1);
  }

  @Test
  void verdict_submissionWithoutAnswerNotDone_isNotLost() {
    ledger.assigned(ANNA, 0, 1);

    assertThat(ledger.verdict().lost()).isZero();
  }

  @Test
  void verdict_failedOverToAnother_isClean() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.assigned(BERT, 0, 2);
    ledger.completed(BERT, 0, 2);

    assertThat(ledger.verdict().isClean()).isTrue();
  }

  @Test
  void verdict_bothCompletionsAccepted_isCompletedTwice() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.assigned(BERT, 0, 2);
    ledger.completed(BERT, 0, 2);
    ledger.completed(ANNA, 0, 1);

    assertThat(ledger.verdict().wrong().twice()).isEqualTo(1);
    assertThat(ledger.examples())
        .anyMatch(example -> example.contains("task 0 was completed again by anna"));
  }

  @Test
  void verdict_secondCompletionBeforeTheSubmissionIsAnswered_isCompletedTwice() {
    ledger.assigned(ANNA, 0, 1);
    ledger.completed(ANNA, 0, 1);
    ledger.completed(BERT, 0, 2);

    assertThat(ledger.verdict().wrong().twice()).isEqualTo(1);
  }

  @Test
  void verdict_moreThanAskedFor_isBeyondCredit() {
    done(ANNA, 0, 1);
    done(ANNA, 1, 1);
    done(ANNA, 2, 1);

    assertThat(ledger.verdict().withoutCredit()).isEqualTo(1);
  }

  @Test
  void verdict_askedForAgain_isClean() {
    done(ANNA, 0, 1);
    done(ANNA, 1, 1);
    ledger.requested(ANNA, 1);
    done(ANNA, 2, 1);

    assertThat(ledger.verdict().isClean()).isTrue();
  }

  @Test
  void verdict_sameAttemptTwice_hasNotGrown() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.assigned(BERT, 0, 1);
    ledger.completed(BERT, 0, 1);

    assertThat(ledger.verdict().attemptsNotGrown()).isEqualTo(1);
  }

  @Test
  void verdict_assignedWhenDone_isAfterTheEnd() {
    done(ANNA, 0, 1);
    ledger.assigned(BERT, 0, 2);

    assertThat(ledger.verdict().afterTheEnd()).isEqualTo(1);
  }

  @Test
  void verdict_outdatedAttemptCompleted_isStale() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.assigned(BERT, 0, 2);
    ledger.completed(ANNA, 0, 1);

    assertThat(ledger.verdict().wrong().stale()).isEqualTo(1);
    assertThat(ledger.examples()).anyMatch(example -> example.contains("by anna (attempt 1)"));
  }

  @Test
  void verdict_completionWithoutAnswerFoundInTheStore_isClean() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.reporting(ANNA, 0, 1);

    assertThat(ledger.verdict().lost()).isEqualTo(1);

    ledger.found(ANNA, 0, 1);

    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.verdict().counts().completed()).isEqualTo(1);
  }

  @Test
  void verdict_answerAfterItWasFoundInTheStore_isClean() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.reporting(ANNA, 0, 1);
    ledger.found(ANNA, 0, 1);
    ledger.completed(ANNA, 0, 1);

    assertThat(ledger.verdict().isClean()).isTrue();

    ledger.completed(ANNA, 0, 1);

    assertThat(ledger.verdict().wrong().twice()).isEqualTo(1);
  }

  @Test
  void verdict_anothersCompletionFoundInTheStore_isUnreported() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.reporting(ANNA, 0, 1);
    ledger.found(ANNA, 0, 2);

    assertThat(ledger.verdict().wrong().unreported()).isEqualTo(1);
  }

  @Test
  void verdict_completionFoundBesideOneThatWasAnswered_isNothingNew() {
    done(ANNA, 0, 1);
    ledger.found(ANNA, 0, 1);

    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.verdict().counts().completed()).isEqualTo(1);
  }

  @Test
  void verdict_askedForBeforeTheSwarmWasAttachedAgain_isVoid() {
    ledger.attached(ANNA);
    done(ANNA, 0, 1);

    assertThat(ledger.verdict().withoutCredit()).isEqualTo(1);
  }

  @Test
  void verdict_heldFromBefore_usesTheCreditOfThen() {
    ledger.accepted(0);
    ledger.accepted(1);
    ledger.assigned(ANNA, 0, 1);
    ledger.attached(ANNA);
    ledger.held(ANNA, 0, 1);
    ledger.held(ANNA, 1, 1);
    ledger.completed(ANNA, 0, 1);
    ledger.completed(ANNA, 1, 1);
    ledger.held(ANNA, 1, 1);

    assertThat(ledger.verdict().isClean()).isTrue();
    assertThat(ledger.verdict().counts().assigned()).isEqualTo(2);
  }

  @Test
  void verdict_heldFromBeforeBeyondTheCreditOfThen_isBeyondCredit() {
    ledger.attached(ANNA);
    ledger.held(ANNA, 0, 1);
    ledger.held(ANNA, 1, 1);
    ledger.held(ANNA, 2, 1);

    assertThat(ledger.verdict().withoutCredit()).isEqualTo(1);
  }

  @Test
  void verdict_attemptHeldByTwo_hasNotGrown() {
    ledger.accepted(0);
    ledger.assigned(ANNA, 0, 1);
    ledger.attached(BERT);
    ledger.held(BERT, 0, 1);

    assertThat(ledger.verdict().attemptsNotGrown()).isEqualTo(1);
  }

  private void done(String swarm, long task, long attempt) {
    ledger.accepted(task);
    ledger.assigned(swarm, task, attempt);
    ledger.completed(swarm, task, attempt);
  }
}
