package io.multiswarm.load.messages;

import io.multiswarm.load.judge.Verdict;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;

/**
 * A run in rows, and its broken promises as defects.
 *
 * @param alone what was seen of the others before the silent ones came
 * @param heap the server's, in bytes, at that time
 */
record SlowSummary(SlowScenario.Plan plan, Observation alone, long heap, SlowRun.Silence silence) {

  private static final double MB = 1 << 20;

  Report report() {
    var report = new Report("slow");
    addOthers(report);
    addHeap(report);
    addSilent(report);
    alone.refusals().forEach((name, count) -> refused(report, name, count));
    silence.observation().refusals().forEach((name, count) -> refused(report, name, count));
    return report;
  }

  private static void refused(Report report, String name, long count) {
    report.defects("messages refused with " + name, count);
  }

  private void addOthers(Report report) {
    Percentiles before = alone.all().total();
    Percentiles beside = silence.observation().all().total();
    report
        .section("the others")
        .row("broadcasts a second", perSecond())
        .row("MB a second", perSecond() * plan.payload() / MB)
        .row("alone", before)
        .row("beside the silent", beside)
        .row("p99 grew by a factor of", beside.p99() / before.p99())
        .row("held up before sending", silence.observation().lateness().total());
    if (beside.p99() > plan.promise().factor() * before.p99()) {
      report.defect(
          "the others' p99 grew from %.2f ms to %.2f ms".formatted(before.p99(), beside.p99()));
    }
    if (before.count() == 0 || beside.count() == 0) {
      report.defect("the others got nothing, so nothing was measured");
    }
  }

  private double perSecond() {
    return silence.observation().accepted() / (double) plan.beside().pace().duration().toSeconds();
  }

  private void addHeap(Report report) {
    long growth = silence.heap() - heap;
    report
        .section("the server's heap, after a collection")
        .row("alone, MB", heap / MB)
        .row("beside the silent, MB", silence.heap() / MB)
        .row("growth, MB", growth / MB);
    if (growth > plan.promise().heapBytes()) {
      report.defect("the server's heap grew by %.0f MB".formatted(growth / MB));
    }
  }

  private void addSilent(Report report) {
    Verdict verdict = alone.ledger().verdict().plus(silence.observation().ledger().verdict());
    SilentSockets sockets = silence.sockets();
    report
        .section("the silent")
        .row("sockets", plan.silent())
        .row("got before silence", silence.unread())
        .row("got when they read again", sockets.delivered() - silence.unread())
        .row("announced as missing", verdict.announced())
        .row("newest missing", sockets.newestMissing())
        .row("first in the history", silence.first())
        .row("lost", verdict.lost())
        .row("duplicate", verdict.duplicates())
        .row("out of order", verdict.outOfOrder())
        .row("contradicting", verdict.contradictions())
        .row("closed by the server", sockets.lost());
    verdict.defects().forEach(report::defects);
    report.defects("silent sockets closed", sockets.lost());
    silence.observation().ledger().examples().forEach(report::defect);
    if (sockets.newestMissing() >= silence.first()) {
      report.defect(
          "offset %d was announced as missing, though the history held all from %d"
              .formatted(sockets.newestMissing(), silence.first()));
    }
    if (verdict.announced() == 0) {
      report.defect("the silent were never behind the history, so nothing was shown");
    }
  }
}
