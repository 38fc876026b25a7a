package io.multiswarm.internal.tasks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.internal.redis.Labels;
import io.multiswarm.tasks.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskHeadTest {

  private static final String RECORD =
      "delayed:2::0:1:3:30000:77:s1:1:round_robin:c%2B%2B,go|0001764481234567|t.1";

  private static TaskHead parse(String record) {
    return TaskHead.parse(record.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void head_ofRecord_isItsFirstLine() {
    TaskHead head = parse(RECORD + " build\nP1 0 - \"why: | not\"");
    assertThat(head.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(head.isDelayed()).isTrue();
    assertThat(head.swarmId()).isNull();
    assertThat(head.from()).isEqualTo("s1");
    assertThat(head.bytes()).isEqualTo(77);
    assertThat(head.lane()).isEqualTo("1:round_robin:c%2B%2B,go");
    assertThat(head.taskId()).isEqualTo("t.1");
    assertThat(head.type()).isEqualTo("build");
    assertThat(parse(RECORD).type()).isEmpty();
    TaskHead untyped = parse(RECORD + TaskHead.labels(null, "ann b"));
    assertThat(untyped.type()).isEmpty();
    assertThat(untyped.principal()).isEqualTo(Labels.of("ann b"));
  }

  @Test
  void head_ofWhatIsNoRecord_isRefused() {
    for (String broken : List.of("", "pending:1::", "pending:1::0:1:3:30000:77:s1:nowhere")) {
      assertThatThrownBy(() -> parse(broken)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void label_ofAnyType_isAWordOfItsOwn() {
    assertThat(Labels.of("build")).isEqualTo("build");
    assertThat(Labels.of("a b\n:|")).doesNotContainAnyWhitespaces().doesNotContain("|", ":");
    assertThat(Labels.of("")).isNotEmpty().isNotEqualTo(Labels.of("#"));
    assertThat(Labels.of("x".repeat(100_000))).hasSizeLessThan(64);
    assertThat(Labels.of("x".repeat(100))).isNotEqualTo(Labels.of("x".repeat(101)));
  }
}
