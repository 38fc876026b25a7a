package io.multiswarm.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker must fail on histories that are wrong. */
class TaskHistoryTest {

  private final TaskHistory history = new TaskHistory();

  private static Assignment attempt(String task, long attempt, String swarm) {
    return new Assignment(
        swarm, task, attempt, Duration.ofSeconds(1), "l", 1, "s", Json.EMPTY_OBJECT, List.of());
  }

  @BeforeEach
  void begin() {
    history.accepted("t1");
    history.granted("a", 1);
    history.granted("b", 2);
    history.assigned(attempt("t1", 1, "a"));
  }

  @Test
  void violations_ofRightHistory_areNone() {
    history.assigned(attempt("t1", 2, "b"));
    history.completed(attempt("t1", 2, "b"));
    assertThat(history.violations()).isEmpty();
  }

  @Test
  void violations_ofLostTask_tellIt() {
    assertThat(history.violations()).containsExactly("t1 was lost");
  }

  @Test
  void violations_ofSecondCompletion_tellIt() {
    history.assigned(attempt("t1", 2, "b"));
    history.completed(attempt("t1", 1, "a"));
    history.completed(attempt("t1", 2, "b"));
    assertThat(history.violations()).containsExactly("t1 was completed twice");
  }

  @Test
  void violations_ofAttemptGivenTwice_tellIt() {
    history.assigned(attempt("t1", 1, "b"));
    history.completed(attempt("t1", 1, "a"));
    assertThat(history.violations()).containsExactly("t1 attempt 1 was assigned twice");
  }

  @Test
  void violations_ofCreditExceeded_tellIt() {
    history.accepted("t2");
    history.assigned(attempt("t2", 1, "a"));
    history.completed(attempt("t1", 1, "a"));
    history.completed(attempt("t2", 1, "a"));
    assertThat(history.violations()).containsExactly("a has more than it gave credit for");
  }

  @Test
  void violations_ofForeignCompletion_tellIt() {
    history.completed(attempt("t1", 1, "b"));
    assertThat(history.violations())
        .containsExactly("t1 attempt 1 was completed by another than its holder");
  }
}
