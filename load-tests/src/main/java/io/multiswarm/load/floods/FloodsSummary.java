package io.multiswarm.load.floods;

import io.multiswarm.load.floods.FloodsScenario.Outcome;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run in rows, and its broken promises as defects. */
final class FloodsSummary {

  /** Who is refused with one of these has tried nothing: the flood is not what it says. */
  private static final Set<String> WIDE_OF_THE_MARK =
      Set.of(
          "PARSE_ERROR",
          "INVALID_REQUEST",
          "METHOD_NOT_FOUND",
          "UNAUTHENTICATED",
          "PERMISSION_DENIED",
          "NOT_FOUND",
          "ALREADY_EXISTS");

  private FloodsSummary() {}

  static Report report(double factor, List<Outcome> outcomes) {
    var report = new Report("floods");
    outcomes.forEach(outcome -> add(report, factor, outcome));
    return report;
  }

  /** One flood in one line. */
  static String line(Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%-40s p99 alone %8.2f ms, beside it %8.2f ms, elsewhere %8.2f ms  %s",
        outcome.flood().name(),
        p99(outcome.alone()),
        p99(outcome.beside()),
        p99(outcome.elsewhere()),
        outcome.seen().counts());
  }

  private static void add(Report report, double factor, Outcome outcome) {
    Report.Section section =
        report
            .section(outcome.flood().name())
            .row("sockets", outcome.flood().sockets())
            .row("quiet calls before it", outcome.alone().latencies().total())
            .row("quiet calls beside it", outcome.beside().latencies().total())
            .row("quiet calls elsewhere", outcome.elsewhere().latencies().total())
            .row("the slowest beside it, in ms", slowest(outcome))
            .row("p99 grew by a factor of", p99(outcome.beside()) / usual(outcome))
            .row("quiet calls that failed", outcome.beside().failures().total());
    outcome.seen().counts().forEach(section::row);
    judge(report, factor, outcome);
  }

  private static void judge(Report report, double factor, Outcome outcome) {
    String name = outcome.flood().name();
    if (!outcome.alive()) {
      report.defect(name + ": the server has ended");
    }
    outcome
        .beside()
        .failures()
        .counts()
        .forEach((what, count) -> report.defect("%s: %d × %s".formatted(name, count, what)));
    if (p99(outcome.beside()) > factor * usual(outcome)) {
      report.defect(
          "%s: the quiet client's p99 grew from %.2f ms to %.2f ms"
              .formatted(name, usual(outcome), p99(outcome.beside())));
    }
    if (answers(outcome.alone()) == 0 || answers(outcome.elsewhere()) == 0) {
      report.defect(name + ": a quiet client got no answers without a flood, nothing was measured");
    }
    outcome.seen().counts().keySet().stream()
        .filter(FloodsSummary::isWideOfTheMark)
        .forEach(what -> report.defect("%s was %s, and tried nothing".formatted(name, what)));
  }

  private static boolean isWideOfTheMark(String what) {
    return what.startsWith(FloodSocket.REFUSED_WITH)
        && WIDE_OF_THE_MARK.contains(what.substring(FloodSocket.REFUSED_WITH.length()));
  }

  /** What the machine would have given without the flood, by the worse of two measurements. */
  private static double usual(Outcome outcome) {
    return Math.max(p99(outcome.alone()), p99(outcome.elsewhere()));
  }

  private static double p99(QuietClient.Calls calls) {
    return calls.latencies().total().p99();
  }

  private static long answers(QuietClient.Calls calls) {
    Percentiles total = calls.latencies().total();
    return total.count();
  }

  private static String slowest(Outcome outcome) {
    return outcome.beside().slowest().entrySet().stream()
        .map(method -> method.getKey() + " " + TimeUnit.NANOSECONDS.toMillis(method.getValue()))
        .collect(Collectors.joining(", "));
  }
}
