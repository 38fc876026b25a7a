package io.multiswarm.load.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of a scenario, as reports of several runs keep it.
 *
 * @param name of the scenario
 * @param promise that it holds the system to, in a sentence
 * @param repetition from 1
 * @param seconds that it took
 */
public record RunRecord(
    String name, String promise, int repetition, double seconds, Report report, Timeline timeline) {

  public boolean isClean() {
    return report.isClean();
  }

  Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("scenario", name);
    all.put("promise", promise);
    all.put("repetition", repetition);
    all.put("seconds", seconds);
    all.put("clean", isClean());
    all.put("defects", report.defects());
    Map<String, Object> sections = new LinkedHashMap<>();
    report.sections().forEach(section -> sections.put(section.title(), section.rows()));
    all.put("sections", sections);
    Map<String, Object> curves = new LinkedHashMap<>();
    report.curves().forEach((title, curve) -> curves.put(title, curve.asList()));
    all.put("curves", curves);
    all.put("timeline", timeline.asMap());
    return all;
  }
}
