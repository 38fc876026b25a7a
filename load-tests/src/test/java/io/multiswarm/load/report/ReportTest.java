package io.multiswarm.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  private final Report report = new Report("messages");

  @Test
  void text_withoutDefects_passes() {
    report.section("websocket").row("messages per second", 12345.6).row("lost", 0L);

    assertThat(ReportText.of(report))
        .contains(
            "websocket",
            "messages per second        12,346",
            "lost                       0",
            "PASSED");
  }

  @Test
  void text_withDefects_failsAndNamesThem() {
    report.defects("messages lost", 1234);
    report.defects("messages delivered twice", 0);

    assertThat(ReportText.of(report))
        .contains("FAILED", "1,234 messages lost")
        .doesNotContain("twice");
    assertThat(report.isClean()).isFalse();
  }

  @Test
  void json_always_hasTheSameRows() {
    report
        .section("websocket")
        .row("lost", 3L)
        .row("targeted delivery", new Percentiles(1, 2, 3, 4, 5, 6));

    JsonNode json = JsonMapper.builder().build().valueToTree(report.asMap());

    assertThat(json.at("/websocket/lost").asLong()).isEqualTo(3);
    assertThat(json.at("/websocket/targeted delivery/p99").asDouble()).isEqualTo(4);
    assertThat(json.path("clean").asBoolean()).isTrue();
  }
}
