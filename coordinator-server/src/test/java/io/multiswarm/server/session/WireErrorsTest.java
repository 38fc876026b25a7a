package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.testing.ExpectErrorLog;
import io.multiswarm.testing.LogLines;
import org.junit.jupiter.api.Test;

class WireErrorsTest {

  private static IllegalStateException defect(String text) {
    return new IllegalStateException(text);
  }

  @Test
  @ExpectErrorLog("Defect in a.defect")
  void defect_thatComesAgain_isALineWithoutItsTrace() {
    try (LogLines log = LogLines.of(WireErrors.class.getName())) {
      for (int i = 0; i < 3; i++) {
        assertThat(WireErrors.answer("a.defect", defect("x".repeat(10_000))).code())
            .isEqualTo(ErrorCode.INTERNAL);
      }
      assertThat(log.all()).hasSize(3);
      assertThat(log.all().get(0)).endsWith(")");
      assertThat(log.all().subList(1, 3))
          .allSatisfy(line -> assertThat(line).contains("again: java.lang.IllegalState"))
          .allSatisfy(line -> assertThat(line).hasSizeLessThan(700));
    }
  }
}
