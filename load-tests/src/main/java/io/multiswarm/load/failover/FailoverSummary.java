package io.multiswarm.load.failover;

import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.judge.LeadershipVerdict;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;
import java.time.Duration;

/**
 * A run in rows, and its broken promises as defects.
 *
 * @param interruptions of what was heard of Redis
 */
record FailoverSummary(
    FailoverScenario.Plan plan,
    FailoverObservation seen,
    LeadershipLedger ledger,
    int interruptions) {

  Report report() {
    var report = new Report("failover");
    for (LeaderFault fault : LeaderFault.values()) {
      if (seen.takenOver(fault).count() > 0) {
        addTimes(report, fault);
      }
    }
    addBereft(report, seen.wrote(LeaderFault.BEREFT));
    addChanged(report, LeaderFault.BEREFT, plan.bounds().afterSwitch());
    addChanged(report, LeaderFault.MOVED, plan.bounds().byHand());
    addHistory(report, ledger.verdict());
    addPauses(report);
    return report;
  }

  private void addTimes(Report report, LeaderFault fault) {
    Percentiles times = seen.takenOver(fault);
    long limit = limit(fault).toMillis();
    report
        .section("leader " + fault.title())
        .row("rounds", times.count())
        .row("to the next leadership", times)
        .row("to its first assignment", seen.wrote(fault))
        .row("allowed, ms", limit);
    if (times.p99() > limit) {
      report.defect(
          "after a leader was %s, p99 to the next leadership is over %,d ms"
              .formatted(fault.title(), limit));
    }
  }

  private void addBereft(Report report, Percentiles wrote) {
    if (wrote.count() == 0) {
      return;
    }
    long limit = plan.servers().topology().outage().plus(plan.bounds().allowance()).toMillis();
    report
        .section("leader " + LeaderFault.BEREFT.title())
        .row("rounds", wrote.count())
        .row("to the next assignment", wrote)
        .row("allowed, ms", limit);
    if (wrote.p99() > limit) {
      report.defect(
          "after Redis's master was killed, p99 to the next assignment is over %,d ms"
              .formatted(limit));
    }
  }

  private void addChanged(Report report, LeaderFault fault, Duration bound) {
    Percentiles times = seen.changed(fault);
    if (times.count() == 0) {
      return;
    }
    report
        .section("leader " + fault.title())
        .row("changes announced", times.count())
        .row("from the promotion to a script at the new master", times)
        .row("allowed after the promotion, ms", bound.toMillis());
    if (times.p99() > bound.toMillis()) {
      report.defect(
          "%s, p99 from the promotion to a script at the new master is over %,d ms"
              .formatted(fault.title(), bound.toMillis()));
    }
  }

  private Duration limit(LeaderFault fault) {
    return fault == LeaderFault.STOP
        ? plan.bounds().allowance()
        : plan.servers().lease().plus(plan.bounds().allowance());
  }

  private void addHistory(Report report, LeadershipVerdict verdict) {
    long faults =
        plan.faults().stream()
            .filter(fault -> fault != LeaderFault.BEREFT && fault != LeaderFault.MOVED)
            .count();
    report
        .section("history")
        .row("leaderships", verdict.leaderships())
        .row("without a fault", verdict.leaderships() - faults - 1)
        .row("assignments", verdict.writes())
        .row("stale writes accepted", verdict.staleWrites())
        .row("epochs not grown", verdict.epochsNotGrown())
        .row("in another's name", verdict.foreignWrites());
    verdict.defects().forEach(report::defects);
    ledger.examples().forEach(report::defect);
    report.defects("leaders that followed themselves", seen.keptByTheSame());
    report.defects("stopped servers whose exit code was not 0", seen.disorderlyEnds());
    if (plan.servers().topology().isAlone()) {
      report.defects("times Redis was not heard, so something may be missing", interruptions);
    }
    if (verdict.writes() == 0) {
      report.defect("nothing was written by a leader, so nothing was judged");
    }
  }

  private void addPauses(Report report) {
    if (plan.pauses() == 0 || !plan.servers().topology().isAlone()) {
      return;
    }
    report
        .section("late writes of paused leaders")
        .row("delivered", seen.lateWrites())
        .row("answers FENCED meanwhile", seen.fenced())
        .row("rounds without any", seen.roundsWithoutLateWrite())
        .row("woke up leading", seen.wokeLeading());
    report.defects("paused leaders that woke up and led", seen.wokeLeading());
    if (seen.lateWrites() == 0) {
      report.defect("no paused leader wrote late, so nothing was shown");
    }
  }
}
