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
    section
        .row("lost", verdict.lost())
        .row("completed twice", verdict.completedTwice())
        .row("beyond credit", verdict.withoutCredit())
        .row("attempt not grown", verdict.attemptsNotGrown())
        .row("assigned after the end", verdict.afterTheEnd());
  }

  private void addShares(Report.Section section) {
    LongSummaryStatistics shares = seen.shares().summaryStatistics();
    section
        .row("fewest of a swarm", shares.getMin())
        .row("average", shares.getAverage())
        .row("most of a swarm", shares.getMax());
  }

  private void judge(Report report, TaskVerdict verdict) {
    report.defects("accepted tasks not completed", verdict.lost());
    report.defects("tasks completed twice", verdict.completedTwice());
    report.defects("assignments beyond credit", verdict.withoutCredit());
    report.defects("attempts that did not grow", verdict.attemptsNotGrown());
    report.defects("assignments of completed tasks", verdict.afterTheEnd());
    seen.refusals().forEach((words, count) -> report.defects("× " + words, count));
    seen.ledger().examples().forEach(report::defect);
    held.forEach(report::defect);
    if (verdict.counts().completed() == 0) {
      report.defect("nothing was completed, so nothing was measured");
    }
  }
}
