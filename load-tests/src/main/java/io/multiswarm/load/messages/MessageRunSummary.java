package io.multiswarm.load.messages;

import io.multiswarm.load.judge.Verdict;
import io.multiswarm.load.report.Report;

/** A run in rows, and its broken promises as defects. */
record MessageRunSummary(MessageRun.Result result) {

  void addTo(Report report) {
    Observation seen = result.observation();
    var section =
        report
            .section(result.transport())
            .row("seconds measured", seen.measuredSeconds())
            .row("sent", seen.sent())
            .row("accepted", seen.accepted())
            .row("delivered", seen.delivered())
            .row("messages per second", result.messagesPerSecond())
            .row("deliveries per second", result.deliveriesPerSecond());
    addTimes(section, seen);
    result
        .costs()
        .micros()
        .forEach((process, micros) -> section.row("µs of CPU a message, " + process, micros));
    result
        .costs()
        .commands()
        .forEach((name, count) -> section.row("redis a message, " + name, count));
    report.curve(result.transport() + ", targeted", seen.targeted());
    report.curve(result.transport() + ", broadcast", seen.broadcast());
    judge(report, section, seen);
  }

  private static void addTimes(Report.Section section, Observation seen) {
    section
        .row("targeted delivery", seen.targeted().total())
        .row("broadcast delivery", seen.broadcast().total())
        .row("acknowledged", seen.acknowledged().total())
        .row("held up before sending", seen.lateness().total());
  }

  private static void judge(Report report, Report.Section section, Observation seen) {
    Verdict verdict = seen.ledger().verdict();
    section
        .row("lost", verdict.lost())
        .row("duplicate", verdict.duplicates())
        .row("out of order", verdict.outOfOrder())
        .row("contradicting", verdict.contradictions())
        .row("announced as missing", verdict.announced())
        .row("refused", seen.refused());
    verdict.defects().forEach(report::defects);
    seen.refusals()
        .forEach((name, count) -> report.defects("messages refused with " + name, count));
    seen.ledger().examples().forEach(report::defect);
    if (seen.sent() == 0 || seen.delivered() == 0) {
      report.defect(
          "nothing was %s, so nothing was measured"
              .formatted(seen.sent() == 0 ? "sent" : "delivered"));
    }
  }
}
