package io.multiswarm.load.floods;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;
import java.util.List;

/** A run in rows, and its broken promises as defects. */
final class FloodsSummary {

  private FloodsSummary() {}

  static Report report(
      FloodsScenario.Plan plan, QuietClient.Calls alone, List<FloodsScenario.Outcome> outcomes) {
    var report = new Report("floods");
    Percentiles base = alone.latencies().total();
    report
        .section("the quiet client, alone")
        .row("calls", base)
        .row("failed", alone.failures().total());
    if (base.count() == 0) {
      report.defect("the quiet client got no answers, so nothing was measured");
    }
    outcomes.forEach(outcome -> add(report, plan, base, outcome));
    return report;
  }

  private static void add(
      Report report, FloodsScenario.Plan plan, Percentiles base, FloodsScenario.Outcome outcome) {
    String name = outcome.flood().name();
    Percentiles beside = outcome.calls().latencies().total();
    Report.Section section =
        report
            .section(name)
            .row("sockets", outcome.flood().sockets())
            .row("the quiet client's calls", beside)
            .row("p99 grew by a factor of", beside.p99() / base.p99())
            .row("its calls that failed", outcome.calls().failures().total());
    outcome.seen().counts().forEach(section::row);
    outcome
        .calls()
        .failures()
        .counts()
        .forEach((what, count) -> report.defect("%s: %d × %s".formatted(name, count, what)));
    if (!outcome.alive()) {
      report.defect(name + ": the server has ended");
    } else if (beside.p99() > plan.factor() * base.p99()) {
      report.defect(
          "%s: the quiet client's p99 grew from %.2f ms to %.2f ms"
              .formatted(name, base.p99(), beside.p99()));
    }
  }
}
