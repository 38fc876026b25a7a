package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandOutcomeTest {

  @ParameterizedTest
  @CsvSource({
    "1,false",
    "2,false",
    "74,false",
    "75,true",
    "76,false",
    "126,true",
    "127,true",
    "128,false",
    "137,true"
  })
  void failure_byItsCode_isTriedAgainOrNot(int code, boolean retry) {
    assertThat(CommandOutcome.failed(code, false, ""))
        .isInstanceOfSatisfying(
            CommandOutcome.Failed.class, failed -> assertThat(failed.retry()).isEqualTo(retry));
    assertThat(((CommandOutcome.Failed) CommandOutcome.failed(code, true, "")).retry()).isTrue();
  }

  @Test
  void error_ofASignal_namesIt() {
    CommandOutcome.Failed failed =
        (CommandOutcome.Failed) CommandOutcome.failed(137, false, "out of memory\n");
    assertThat(failed.error())
        .isEqualTo(Json.parse("{\"exitCode\":137,\"signal\":9,\"message\":\"out of memory\"}"));
  }

  /** As ssh and many others do when they fail themselves. */
  @Test
  void error_ofACodeThatNoSignalHas_namesNone() {
    CommandOutcome.Failed failed = (CommandOutcome.Failed) CommandOutcome.failed(255, false, "");
    assertThat(failed.error())
        .isEqualTo(Json.parse("{\"exitCode\":255,\"message\":\"exit code 255\"}"));
  }

  @Test
  void error_ofASilentCommand_hasAMessage() {
    CommandOutcome.Failed failed = (CommandOutcome.Failed) CommandOutcome.failed(3, false, " \n");
    assertThat(failed.error())
        .isEqualTo(Json.parse("{\"exitCode\":3,\"message\":\"exit code 3\"}"));
  }
}
