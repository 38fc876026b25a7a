package io.multiswarm.load.peers;

import io.multiswarm.load.peers.AskedFigure.Finding;
import io.multiswarm.load.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What all rounds showed. Confined to one round at a time. */
final class PeersFindings {

  private final Medians medians = new Medians();
  private final List<String> defects = new ArrayList<>();

  void add(int round, StageResult result) {
    medians.add(result.measured());
    result.defects().forEach(defect -> defects.add("round %d: %s".formatted(round, defect)));
  }

  /**
   * A figure that does not hold is a defect like a promise that was broken.
   *
   * @param parts of which figures are judged
   * @param versions of the programs that were measured
   */
  Report report(Set<PeerPart> parts, Map<String, String> versions) {
    var report = new Report("peers");
    Map<Metric, Double> middle = medians.all();
    List<Finding> found =
        AskedFigure.ALL.stream()
            .filter(figure -> parts.contains(figure.part()))
            .map(figure -> figure.in(middle))
            .flatMap(Optional::stream)
            .toList();
    Report.Section asked = report.section("asked");
    found.forEach(finding -> asked.row(finding.figure().name(), finding.words()));
    Report.Section ratios = report.section("ratios");
    found.forEach(finding -> ratios.row(finding.figure().name(), finding.ratio()));
    Report.Section values = report.section("medians");
    middle.forEach((metric, value) -> values.row(metric.words(), value));
    Report.Section rounds = report.section("each round");
    medians.rounds().forEach((metric, each) -> rounds.row(metric.words(), shown(each)));
    Report.Section programs = report.section("measured with");
    versions.forEach(programs::row);
    judge(report, found);
    return report;
  }

  private static String shown(List<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%.2f", value))
        .collect(Collectors.joining("  "));
  }

  private void judge(Report report, List<Finding> found) {
    found.stream()
        .filter(finding -> !finding.holds())
        .forEach(
            finding -> report.defect("%s: %s".formatted(finding.figure().name(), finding.words())));
    defects.forEach(report::defect);
    if (found.isEmpty()) {
      report.defect("nothing was compared, so nothing was measured");
    }
  }
}
