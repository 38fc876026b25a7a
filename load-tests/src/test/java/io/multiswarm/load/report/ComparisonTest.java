package io.multiswarm.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.multiswarm.load.report.Comparison.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void rows_thatDifferLittle_areNoise() {
    assertThat(Comparison.changes(report(100), report(120))).isEmpty();
  }

  @Test
  void rows_thatDifferMuch_areChanges() {
    assertThat(Comparison.changes(report(100), report(140)))
        .extracting(Change::row)
        .containsExactly(
            "messages / websocket / delivery, p50 ms",
            "messages / websocket / delivery, p99 ms",
            "messages / websocket / rate");
    assertThat(Comparison.changes(report(100), report(140)).get(0).ratio())
        .isCloseTo(0.4, within(1e-9));
  }

  @Test
  void repetitions_thatDifferAmongThemselves_makeNoiseOfThat() {
    assertThat(Comparison.changes(report(80, 100, 120), report(120, 140, 160))).isEmpty();
    assertThat(Comparison.changes(report(99, 100, 101), report(119, 120, 121))).isNotEmpty();
  }

  @Test
  void verdict_thatChanged_isTold() {
    SuiteReport broken = suite(100);
    broken.runs().get(0).report().defect("a message was lost");

    assertThat(Comparison.verdicts(report(100), JSON.valueToTree(broken.asMap())))
        .containsExactly(Map.entry("messages", "passed before, FAILS now"));
    assertThat(Comparison.verdicts(report(100), report(100))).isEmpty();
  }

  private static JsonNode report(double... values) {
    return JSON.valueToTree(suite(values).asMap());
  }

  static SuiteReport suite(double... values) {
    List<RunRecord> runs = new ArrayList<>();
    for (double value : values) {
      var report = new Report("messages");
      report
          .section("websocket")
          .row("rate", value)
          .row("delivery", new Percentiles(10, value, 1, value, 1, 1))
          .row("words", "are not compared");
      runs.add(
          new RunRecord("messages", "All arrive.", runs.size() + 1, 1, report, new Timeline()));
    }
    return new SuiteReport(Map.of("seed", "7"), runs);
  }
}
