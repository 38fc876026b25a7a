package io.multiswarm.load.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Our transports compared with bare Redis in the same run: absolute numbers are of one machine,
 * ratios travel.
 *
 * @param transports all that were measured
 */
public record Ratios(List<Measured> transports) {

  /**
   * What one transport reached.
   *
   * @param bare whether the others are compared with it
   * @param values by the name of what was measured, in the order of the report
   */
  public record Measured(String transport, boolean bare, Map<String, Double> values) {}

  /** Adds a section, unless there is nothing to compare. */
  public void addTo(Report report) {
    Map<String, Double> ratios = all();
    if (!ratios.isEmpty()) {
      var section = report.section("ratios");
      ratios.forEach(section::row);
    }
  }

  private Map<String, Double> all() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Measured ours : transports) {
      for (Measured bare : transports) {
        if (bare.bare() && !ours.bare()) {
          compare(ours, bare, ratios);
        }
      }
    }
    return ratios;
  }

  /** What has no value on both transports, or was nothing at all, has no ratio. */
  private static void compare(Measured ours, Measured bare, Map<String, Double> ratios) {
    ours.values()
        .forEach(
            (name, value) -> {
              double theirs = bare.values().getOrDefault(name, 0.0);
              if (theirs > 0) {
                ratios.put(
                    "%s / %s, %s".formatted(ours.transport(), bare.transport(), name),
                    value / theirs);
              }
            });
  }
}
