package io.multiswarm.load.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.report.Median;
import io.multiswarm.load.report.Report;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AskedFigureTest {

  private final PeersFindings findings = new PeersFindings();

  @Test
  void median_always_isTheOneInTheMiddle() {
    assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Median.of(List.of(1.0, 9.0, 2.0, 4.0))).isEqualTo(3);
    assertThat(Median.of(List.of(7.0))).isEqualTo(7);
  }

  @Test
  void report_whatIsAtLeastAsFastAsAsked_holds() {
    lives(150, 100, 120);

    Report report = report(PeerPart.TASKS);

    assertThat(report.number("ratios", "whole life of a task, embedded : BullMQ")).hasValue(1.5);
    assertThat(report.rows("asked").values())
        .hasSize(3)
        .allSatisfy(words -> assertThat((String) words).contains(": holds"));
    assertThat(report.isClean()).as(report.defects().toString()).isTrue();
  }

  @Test
  void report_whatIsSlowerThanAsked_isADefectThatSaysByHowMuch() {
    lives(140, 100, 120);

    assertThat(report(PeerPart.TASKS).defects())
        .singleElement()
        .asString()
        .contains("embedded : BullMQ: 1.40, asked at least 1.5: DOES NOT HOLD", "140 : 100");
  }

  @Test
  void report_ofWhatMayBeAtMost_refusesMore() {
    findings.add(1, StageResult.of(Map.of(Metric.READY_MILLIS, 1_501.0, Metric.COLD_P99, 25.0)));

    assertThat(report(PeerPart.COLD).defects())
        .singleElement()
        .asString()
        .startsWith("fresh process, ready : 1.5 s");
  }

  @Test
  void report_ofSeveralRounds_judgesMedians() {
    for (double ready : List.of(9_000.0, 1_000.0, 1_200.0)) {
      findings.add(1, StageResult.of(Map.of(Metric.READY_MILLIS, ready)));
    }

    Report report = report(PeerPart.COLD);

    assertThat(report.isClean()).as(report.defects().toString()).isTrue();
    assertThat(report.rows("each round").values()).containsExactly("9000.00  1000.00  1200.00");
  }

  @Test
  void report_brokenPromiseOfARun_isADefectOfTheRound() {
    findings.add(
        2, new StageResult(Map.of(Metric.READY_MILLIS, 1_000.0), List.of("3 messages lost")));

    assertThat(report(PeerPart.COLD).defects()).containsExactly("round 2: 3 messages lost");
  }

  @Test
  void report_nothingToCompare_hasMeasuredNothing() {
    findings.add(1, StageResult.of(Map.of(Metric.BULLMQ_LIVES, 100.0)));

    assertThat(report(PeerPart.TASKS).defects())
        .containsExactly("nothing was compared, so nothing was measured");
  }

  @Test
  void figures_always_areMeasuredByAStageOfTheirPart() {
    for (AskedFigure figure : AskedFigure.ALL) {
      assertThat(Stage.values())
          .as(figure.name())
          .anyMatch(stage -> stage.isFor(EnumSet.of(figure.part())));
    }
  }

  private void lives(double embedded, double others, double webSocket) {
    findings.add(
        1,
        StageResult.of(
            Map.of(
                Metric.EMBEDDED_LIVES, embedded,
                Metric.BULLMQ_LIVES, others,
                Metric.JETSTREAM_LIVES, others,
                Metric.WEBSOCKET_LIVES, webSocket)));
  }

  private Report report(PeerPart part) {
    return findings.report(EnumSet.of(part), Map.of());
  }
}
