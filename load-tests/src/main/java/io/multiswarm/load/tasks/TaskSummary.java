package io.multiswarm.load.tasks;

import io.multiswarm.load.judge.TaskVerdict;
import io.multiswarm.load.report.Report;
import java.util.LongSummaryStatistics;

/** A run of tasks in rows, and its broken promises as defects. */
record TaskSummary(TaskRun.Result result) {

  void addTo(Report report) {
    TaskObservation seen = result.seen();
    TaskVerdict verdict = seen.ledger().verdict();
    addIdle(report);
    Report.Section section = report.section("tasks, " + result.transport());
    addNumbers(section, verdict);
    addShares(section);
    addCosts(section);
    verdict.defects().forEach(section::row);
    section
        .row("assignments to the unable", seen.unableCount())
        .row("calls repeated without answer", seen.repeatedCount());
    report.curve(result.transport() + ", to assigned", seen.assigned());
    report.curve(result.transport() + ", to completed", seen.completed());
    judge(report, verdict);
  }

  private void addIdle(Report report) {
    result
        .idle()
        .ifPresent(
            idle -> {
              Report.Section section =
                  report
                      .section("waiting tasks and no credit, " + result.transport())
                      .row("seconds", idle.seconds());
              idle.aSecond()
                  .micros()
                  .forEach(
                      (process, micros) -> section.row("µs of CPU a second, " + process, micros));
              section.row("redis commands a second", idle.aSecond().allCommands());
              idle.aSecond()
                  .commands()
                  .forEach((name, count) -> section.row("redis a second, " + name, count));
              section.row("credit to first assignment", idle.fromCreditToTask().total());
            });
  }

  private void addNumbers(Report.Section section, TaskVerdict verdict) {
    TaskObservation seen = result.seen();
    section
        .row("seconds measured", seen.measuredSeconds())
        .row("accepted", verdict.counts().accepted())
        .row("assigned", verdict.counts().assigned())
        .row("completed", verdict.counts().completed())
        .row("tasks per second", result.tasksPerSecond())
        .row("submit to accepted", seen.accepted().total())
        .row("submit to assigned", seen.assigned().total())
        .row("submit to completed", seen.completed().total());
  }

  private void addShares(Report.Section section) {
    LongSummaryStatistics shares = result.seen().shares().summaryStatistics();
    section
        .row("fewest of a swarm", shares.getMin())
        .row("average", shares.getAverage())
        .row("most of a swarm", shares.getMax())
        .row("most / fewest", shares.getMax() / (double) Math.max(1, shares.getMin()));
  }

  private void addCosts(Report.Section section) {
    var costs = result.costs();
    costs
        .micros()
        .forEach((process, micros) -> section.row("µs of CPU a task, " + process, micros));
    if (!costs.commands().isEmpty()) {
      section
          .row("redis commands a task", costs.allCommands())
          .row("round trips a task", costs.roundTrips());
      costs.commands().forEach((name, count) -> section.row("redis a task, " + name, count));
    }
  }

  private void judge(Report report, TaskVerdict verdict) {
    TaskObservation seen = result.seen();
    verdict.defects().forEach(report::defects);
    report.defects("assignments to a swarm that was not able", seen.unableCount());
    seen.refusals().forEach((words, count) -> report.defects("× " + words, count));
    seen.ledger().examples().forEach(report::defect);
    result.held().forEach(report::defect);
    if (verdict.counts().completed() == 0) {
      report.defect("nothing was completed, so nothing was measured");
    }
  }
}
