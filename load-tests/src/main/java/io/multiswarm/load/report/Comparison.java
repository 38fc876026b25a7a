package io.multiswarm.load.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Two suites' reports, row by row: what changed beyond noise. Noise is what repetitions of one
 * report differ by among themselves; without repetitions a change of a quarter counts, and below a
 * tenth nothing does.
 */
public final class Comparison {

  private static final double WITHOUT_REPETITIONS = 0.25;
  private static final double LEAST = 0.10;

  /** How many times the spread of repetitions a change must exceed. */
  private static final double BEYOND = 1.5;

  private Comparison() {}

  /**
   * A row whose value changed.
   *
   * @param before the median of the first report
   * @param after that of the second
   */
  public record Change(String row, double before, double after) {

    /** By what part of the first value; a value that was nothing has grown without bound. */
    public double ratio() {
      return before == 0 ? Double.POSITIVE_INFINITY : after / before - 1;
    }
  }

  /** The rows that both have and that differ, by how much they do. */
  public static List<Change> changes(JsonNode first, JsonNode second) {
    Map<String, List<Double>> before = rows(first);
    Map<String, List<Double>> after = rows(second);
    List<Change> changes = new ArrayList<>();
    before.forEach(
        (row, values) -> {
          List<Double> others = after.get(row);
          if (others != null && differ(values, others)) {
            changes.add(new Change(row, Median.of(values), Median.of(others)));
          }
        });
    changes.sort((a, b) -> Double.compare(Math.abs(b.ratio()), Math.abs(a.ratio())));
    return changes;
  }

  private static boolean differ(List<Double> before, List<Double> after) {
    double a = Median.of(before);
    double b = Median.of(after);
    double size = Math.max(Math.abs(a), Math.abs(b));
    double noise =
        before.size() > 1 && after.size() > 1
            ? Math.max(LEAST * size, BEYOND * Math.max(spread(before), spread(after)))
            : WITHOUT_REPETITIONS * size;
    return Math.abs(b - a) > noise;
  }

  private static double spread(List<Double> values) {
    return Collections.max(values) - Collections.min(values);
  }

  /** Whether each scenario that both ran was clean, where that changed. */
  public static Map<String, String> verdicts(JsonNode first, JsonNode second) {
    Map<String, Boolean> before = clean(first);
    Map<String, String> changed = new LinkedHashMap<>();
    clean(second)
        .forEach(
            (scenario, clean) -> {
              Boolean was = before.get(scenario);
              if (was != null && !was.equals(clean)) {
                changed.put(
                    scenario, clean ? "failed before, passes now" : "passed before, FAILS now");
              }
            });
    return changed;
  }

  private static Map<String, Boolean> clean(JsonNode report) {
    Map<String, Boolean> all = new TreeMap<>();
    report
        .path("runs")
        .forEach(
            run ->
                all.merge(
                    run.path("scenario").asString(""),
                    run.path("clean").asBoolean(false),
                    Boolean::logicalAnd));
    return all;
  }

  private static Map<String, List<Double>> rows(JsonNode report) {
    Map<String, List<Double>> all = new TreeMap<>();
    for (JsonNode run : report.path("runs")) {
      String scenario = run.path("scenario").asString("");
      for (Map.Entry<String, JsonNode> section : run.path("sections").properties()) {
        section
            .getValue()
            .properties()
            .forEach(
                row ->
                    add(
                        scenario + " / " + section.getKey() + " / " + row.getKey(),
                        row.getValue(),
                        all));
      }
    }
    return all;
  }

  private static void add(String name, JsonNode value, Map<String, List<Double>> all) {
    if (value.isNumber()) {
      all.computeIfAbsent(name, any -> new ArrayList<>()).add(value.asDouble());
    } else if (value.has("p99")) {
      for (String point : List.of("p50", "p99")) {
        add(name + ", " + point + " ms", value.path(point), all);
      }
    }
  }
}
