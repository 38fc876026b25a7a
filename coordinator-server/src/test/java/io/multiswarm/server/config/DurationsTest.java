package io.multiswarm.server.config;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5m, PT5M",
    "1h, PT1H",
    "1d, P1D",
    "250, PT0.25S",
    "0, PT0S",
    "' 30 S ', PT30S",
    "2H, PT2H"
  })
  void duration_inEveryForm_isRead(String text, Duration expected) {
    assertThat(Durations.parse(text, MILLIS)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "-1s",
        "1.5s",
        "1 year",
        "1w",
        "1s1s",
        "PT1S",
        "1e3",
        "١s",
        "9999999999999"
      })
  void duration_whichIsNone_isEmpty(String text) {
    assertThat(Durations.parse(text, MILLIS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"86400, P1D", "2, PT2S", "2s, PT2S", "2000ms, PT2S"})
  void duration_withPlainSeconds_takesUnitsAsWritten(String text, Duration expected) {
    assertThat(Durations.parse(text, SECONDS)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0ms", "PT0.25S, 250ms", "PT90S, 90s", "PT5M, 5m", "PT24H, 1d", "PT36H, 36h"})
  void duration_written_hasTheLargestWholeUnit(Duration duration, String expected) {
    assertThat(Durations.format(duration)).isEqualTo(expected);
  }
}
