package io.multiswarm.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.7",
    "PT59.999S, 0.7",
    "PT1M, 0.65",
    "PT5M, 0.6",
    "PT1H, 0.55",
    "PT23H59M, 0.55",
    "PT24H, 0.5",
    "P365D, 0.5",
    "PT-1S, 0.7"
  })
  void freshness_alone_countsBySteps(Duration age, double expected) {
    assertThat(Confidence.of(age, 0, false)).isEqualTo(expected);
  }

  @Test
  void everything_together_isTheMostAndNothingTheLeast() {
    assertThat(Confidence.of(Duration.ZERO, 1, true)).isEqualTo(Confidence.MOST);
    assertThat(Confidence.of(Duration.ofDays(2), 0, false)).isEqualTo(Confidence.LEAST);
  }

  @Test
  void completeness_inPart_countsByItsShare() {
    assertThat(Confidence.of(Duration.ofDays(2), 0.5, false)).isEqualTo(0.575);
    assertThat(Confidence.of(Duration.ofDays(2), 1.0 / 3, true)).isEqualTo(0.65);
  }
}
