package io.multiswarm.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {

  @Test
  void page_always_hasTheReportAndNeedsNothingElse() {
    String page = HtmlReport.of(ComparisonTest.suite(123.5));

    assertThat(page).contains("\"rate\":123.5").doesNotContain("/*REPORT*/");
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http://", "https://", "src=", "<link", "@import", "url(");
  }

  /** Words of a server could end the script that they stand in, and begin one of their own. */
  @Test
  void page_ofHostileWords_isNotBroken() {
    SuiteReport suite = ComparisonTest.suite(1);
    suite.runs().get(0).report().defect("</script><script>alert(1)</script><!--\u2028");

    String page = HtmlReport.of(suite);

    assertThat(page.split("</script>", -1)).hasSize(2);
    assertThat(page).doesNotContain("<!--", "\u2028");
  }

  @Test
  void json_always_hasCurvesAndTimeline() {
    var report = new Report("messages");
    var times = new Latencies();
    for (int i = 1; i <= 1_000; i++) {
      times.record(TimeUnit.MILLISECONDS.toNanos(i));
    }
    report.curve("delivery", times);
    report.curve("nothing", new Latencies());
    var timeline = new Timeline();
    timeline.add("sent, messages a second", 1, 20);
    timeline.mark(2.5, "killed: redis");
    var run = new RunRecord("messages", "All arrive.", 1, 3, report, timeline);

    JsonNode json = new JsonMapper().valueToTree(run.asMap());

    assertThat(json.path("curves").propertyNames()).containsExactly("delivery");
    assertThat(json.at("/curves/delivery").size()).isGreaterThan(10);
    assertThat(json.at("/timeline/series/sent, messages a second/0/1").asDouble()).isEqualTo(20);
    assertThat(json.at("/timeline/marks/0/1").asString()).isEqualTo("killed: redis");
  }
}
