package io.multiswarm.load.chaos;

import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.judge.LeadershipVerdict;
import io.multiswarm.load.judge.TaskAudit;
import io.multiswarm.load.judge.TaskVerdict;
import io.multiswarm.load.report.Report;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run in rows, and its broken promises as defects.
 *
 * @param left what the fleet counts as unfinished in the end
 */
record ChaosSummary(ChaosContext context, LeadershipLedger leaderships, Map<String, Long> left) {

  Report report(long nanos) {
    var report = new Report("chaos, " + context.plan().faults().family());
    addRun(report.section("run"), nanos);
    if (context.plan().faults().family() == FaultFamily.NETWORK) {
      addNetwork(report);
    }
    addTasks(report, context.seen().ledger().verdict());
    report.curve("submitted to completed", context.seen().times());
    addAudit(report, context.seen().audit().verdict());
    addLeaderships(report, leaderships.verdict());
    context
        .seen()
        .completedWhileFull()
        .ifPresent(
            fewest -> {
              report.section("memory full").row("completed meanwhile, at least", fewest);
              if (fewest == 0) {
                report.defect("expected completions while Redis's memory was full, observed none");
              }
            });
    context.seen().unexpected().forEach((words, count) -> report.defects("× " + words, count));
    return report;
  }

  private void addRun(Report.Section section, long nanos) {
    double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
    section
        .row("seconds", seconds)
        .row("faults", context.plan().faults().count())
        .row("tasks per second", context.seen().completedCount() / seconds);
    context
        .seen()
        .recoveries()
        .forEach(
            (strike, times) -> {
              if (times.total().count() > 0) {
                section.row("%s, to assigned again".formatted(strike.title()), times.total());
              }
            });
    context.seen().events().forEach(section::row);
  }

  private void addNetwork(Report report) {
    Duration allowed = NetworkStrikes.TIME.plus(context.plan().faults().recovery());
    report.section("network").row("allowed to assigned again, ms", allowed.toMillis());
    context
        .seen()
        .recoveries()
        .forEach(
            (strike, times) -> {
              if (times.total().count() > 0 && times.total().max() > allowed.toMillis()) {
                report.defect(
                    "%s, it took over %,d ms until a task was assigned again"
                        .formatted(strike.title(), allowed.toMillis()));
              }
            });
  }

  private void addTasks(Report report, TaskVerdict verdict) {
    Report.Section section =
        report
            .section("history of the workers")
            .row("accepted", verdict.counts().accepted())
            .row("assigned", verdict.counts().assigned())
            .row("completed", verdict.counts().completed())
            .row("submitted to completed", context.seen().times().total())
            .row("found before an answer", context.seen().settledCount());
    verdict.defects().forEach(section::row);
    verdict.defects().forEach(report::defects);
    context.seen().ledger().examples().forEach(report::defect);
    if (verdict.counts().accepted() != context.plan().tasks()) {
      report.defect("only %,d tasks were accepted".formatted(verdict.counts().accepted()));
    }
  }

  private void addAudit(Report report, TaskAudit.Verdict verdict) {
    Report.Section section =
        report.section("what the store says in the end").row("tasks", verdict.read());
    verdict.defects().forEach(section::row);
    verdict.defects().forEach(report::defects);
    context.seen().audit().examples().forEach(report::defect);
    left.forEach(section::row);
    left.forEach(
        (what, count) -> {
          if (count != 0) {
            report.defect("in the end %s is %,d".formatted(what, count));
          }
        });
  }

  private void addLeaderships(Report report, LeadershipVerdict verdict) {
    report
        .section("history of the leaders")
        .row("leaderships", verdict.leaderships())
        .row("assignments heard", verdict.writes())
        .row("stale writes accepted", verdict.staleWrites())
        .row("epochs not grown", verdict.epochsNotGrown())
        .row("in another's name", verdict.foreignWrites());
    verdict.defects().forEach(report::defects);
    leaderships.examples().forEach(report::defect);
  }
}
