package io.multiswarm.server.config;

import io.multiswarm.common.Json;
import io.multiswarm.health.RedisExamination;
import io.multiswarm.health.RedisExamination.Finding;
import io.multiswarm.health.RedisExamination.Level;
import io.multiswarm.server.protocol.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code doctor} prints. */
final class ExaminationReport {

  private ExaminationReport() {}

  static List<String> lines(RedisExamination examination) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : examination.findings()) {
      String advice = finding.advice().isEmpty() ? "" : ": " + finding.advice();
      lines.add(
          "%-8s %-12s %s%s"
              .formatted(word(finding.level()), finding.name(), finding.text(), advice));
    }
    lines.add(
        examination.isSafe()
            ? "A fleet can rely on this Redis."
            : "A fleet cannot rely on this Redis.");
    return lines;
  }

  static Json json(RedisExamination examination) {
    return JsonObject.with("safe", examination.isSafe())
        .and("findings", examination.findings().stream().map(ExaminationReport::json).toList())
        .json();
  }

  private static Json json(Finding finding) {
    return JsonObject.with("name", finding.name())
        .and("level", word(finding.level()))
        .and("text", finding.text())
        .and("advice", finding.advice())
        .json();
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
