package io.multiswarm.load.report;

import java.util.Locale;
import java.util.Map;

/** A report as people read it. */
public final class ReportText {

  private static final int NAME_WIDTH = 26;

  private ReportText() {}

  public static String of(Report report) {
    var text = new StringBuilder();
    for (Report.Section section : report.sections()) {
      text.append('\n').append(section.title()).append('\n');
      section.rows().forEach((name, value) -> text.append(row(name, value)));
    }
    text.append('\n');
    if (report.isClean()) {
      text.append("PASSED\n");
    } else {
      text.append("FAILED\n");
      report.defects().forEach(defect -> text.append("  ").append(defect).append('\n'));
    }
    return text.toString();
  }

  private static String row(String name, Object value) {
    return "  %s %s%n".formatted(pad(name), show(value));
  }

  private static String pad(String name) {
    return name.length() >= NAME_WIDTH ? name : name + " ".repeat(NAME_WIDTH - name.length());
  }

  private static String show(Object value) {
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, number < 100 ? "%,.2f" : "%,.0f", number);
    }
    if (value instanceof Number number) {
      return String.format(Locale.ROOT, "%,d", number.longValue());
    }
    if (value instanceof Map<?, ?> map) {
      return map.toString();
    }
    return value.toString();
  }
}
