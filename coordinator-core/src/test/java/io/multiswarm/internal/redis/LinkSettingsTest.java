package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions.Liveness;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkSettingsTest {

  @Test
  void controlTimeout_withTheDefaultLeases_isTheDefault() {
    assertThat(LinkSettings.of(Liveness.defaults())).isEqualTo(LinkSettings.defaults());
  }

  @ParameterizedTest
  @CsvSource({"250, 750, 125", "10000, 750, 125", "400, 6000, 200", "1000, 3000, 500"})
  void controlTimeout_withShortLeases_fitsTwiceIntoARenewal(
      long electionInterval, long nodeLease, long expected) {
    Liveness liveness =
        new Liveness(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMillis(electionInterval),
            Duration.ofMillis(nodeLease),
            Duration.ofSeconds(10));

    LinkSettings settings = LinkSettings.of(liveness);

    assertThat(settings.forControl().commandTimeout()).isEqualTo(Duration.ofMillis(expected));
    assertThat(settings.commandTimeout()).isEqualTo(LinkSettings.defaults().commandTimeout());
    assertThat(settings.controlTimeout().multipliedBy(2))
        .isLessThanOrEqualTo(liveness.electionInterval())
        .isLessThanOrEqualTo(liveness.nodeBeat());
  }
}
