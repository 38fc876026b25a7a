package io.multiswarm.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import org.junit.jupiter.api.Test;

class AttemptLogTest {

  private static final Assignment FIRST = new Assignment("a", 1, new Stamp(0, 7, 0));
  private static final Assignment SECOND = new Assignment("a", 2, new Stamp(0, 7, 0));

  private final AttemptLog memory = new AttemptLog();

  @Test
  void attempt_always_isBegunOnce() {
    assertThat(memory.begin(FIRST)).isTrue();
    assertThat(memory.begin(FIRST)).isFalse();
    assertThat(memory.begin(SECOND)).isTrue();
    memory.answered(FIRST);
    assertThat(memory.begin(FIRST)).isFalse();
  }

  @Test
  void report_withoutAnAnswer_isKnownUntilThereIsOne() {
    memory.begin(FIRST);
    memory.reporting(FIRST);
    memory.newConnection();

    assertThat(memory.unanswered("a")).containsExactly(FIRST);
    assertThat(memory.unanswered("b")).isEmpty();
    assertThat(memory.begin(FIRST)).isTrue();

    memory.answered(FIRST);

    assertThat(memory.unanswered("a")).isEmpty();
  }

  @Test
  void everything_afterTheDeathOfTheProcess_isForgotten() {
    memory.begin(FIRST);
    memory.reporting(FIRST);
    memory.begin(SECOND);
    memory.answered(SECOND);
    memory.clear();

    assertThat(memory.unanswered("a")).isEmpty();
    assertThat(memory.begin(FIRST)).isTrue();
    assertThat(memory.begin(SECOND)).isTrue();
  }
}
