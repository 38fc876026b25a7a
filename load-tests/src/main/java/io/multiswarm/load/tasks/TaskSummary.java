package io.multiswarm.load.tasks;

import io.multiswarm.load.judge.TaskVerdict;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.CostMeter.Costs;
import java.util.List;
import java.util.LongSummaryStatistics;

/**
 * A run of tasks in rows, and its broken promises as defects.
 *
 * @param held what the server says about tasks that were not completed
 */
record TaskSummary(TaskObservation seen, Costs costs, List<String> held) {

  Report report() {
    var report = new Report("tasks");
    TaskVerdict verdict = seen.ledger().verdict();
    addNumbers(report.section("tasks"), verdict);
    addShares(report.section("fairness"));
    if (!costs.commands().isEmpty()) {
      var section = report.section("redis commands a task");
      costs.commands().forEach(section::row);
    }
    judge(report, verdict);
    return report;
  }

  private void addNumbers(Report.Section section, TaskVerdict verdict) {
    section
        .row("seconds measured", seen.measuredSeconds())
        .row("accepted", verdict.counts().accepted())
        .row("assigned", verdict.counts().assigned())
        .row("completed", verdict.counts().completed())
        .row("tasks per second", seen.completed().total().count() / seen.measuredSeconds())
        .row("submit to accepted", seen.accepted().total())
        .row("submit to assigned", seen.assigned().total())
        .row("submit to completed", seen.completed().total());
    costs
        .micros()
        .forEach((process, micros) -> section.row("µs of CPU a task, " + process, micros));
    verdict.defects().forEach(section::row);
  }

  private void addShares(Report.Section section) {
    LongSummaryStatistics shares = seen.shares().summaryStatistics();
    section
        .row("fewest of a swarm", shares.getMin())
        .row("average", shares.getAverage())
        .row("most of a swarm", shares.getMax());
  }

  private void judge(Report report, TaskVerdict verdict) {
    verdict.defects().forEach(report::defects);
    seen.refusals().forEach((words, count) -> report.defects("× " + words, count));
    seen.ledger().examples().forEach(report::defect);
    held.forEach(report::defect);
    if (verdict.counts().completed() == 0) {
      report.defect("nothing was completed, so nothing was measured");
    }
  }
}
