package io.multiswarm.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.report.Ratios.Measured;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatiosTest {

  private final Report report = new Report("messages");

  @Test
  void ratios_ofEachTransport_areToEachBareOne() {
    add(
        bare("bare PUBLISH", Map.of("p50", 2.0)),
        bare("bare script", Map.of("p50", 4.0)),
        ours("embedded", Map.of("p50", 6.0)));

    assertThat(ReportText.of(report))
        .contains("embedded / bare PUBLISH, p50 3.00", "embedded / bare script, p50 1.50");
  }

  @Test
  void ratios_ofWhatOneTransportLacks_areLeftOut() {
    add(
        bare("bare", Map.of("p50", 0.0, "p99", 1.0, "alone", 1.0)),
        ours("embedded", Map.of("p50", 1.0, "p99", 1.0, "other", 1.0)));

    assertThat(ReportText.of(report))
        .contains("embedded / bare, p99")
        .doesNotContain("p50", "alone", "other");
  }

  @Test
  void ratios_withoutABareTransport_areNoSection() {
    add(ours("embedded", Map.of("p50", 1.0)), ours("websocket", Map.of("p50", 1.0)));

    assertThat(report.sections()).isEmpty();
  }

  private void add(Measured... transports) {
    new Ratios(List.of(transports)).addTo(report);
  }

  private static Measured bare(String transport, Map<String, Double> values) {
    return new Measured(transport, true, values);
  }

  private static Measured ours(String transport, Map<String, Double> values) {
    return new Measured(transport, false, values);
  }
}
