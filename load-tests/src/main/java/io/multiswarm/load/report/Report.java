package io.multiswarm.load.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a scenario found: sections of named rows, and the defects that make it a failure. The same
 * rows are printed for people ({@link ReportText}) and written as JSON ({@link #asMap}).
 */
public final class Report {

  /** A part of the report about one thing. */
  public static final class Section {

    private final String title;
    private final Map<String, Object> rows = new LinkedHashMap<>();

    private Section(String title) {
      this.title = title;
    }

    /** Adds a row; a value is a number, a text or {@link Percentiles}. */
    public Section row(String name, Object value) {
      rows.put(name, value);
      return this;
    }

    String title() {
      return title;
    }

    Map<String, Object> rows() {
      return rows;
    }
  }

  private final String scenario;
  private final List<Section> sections = new ArrayList<>();
  private final List<String> defects = new ArrayList<>();
  private final Map<String, Curve> curves = new LinkedHashMap<>();

  public Report(String scenario) {
    this.scenario = scenario;
  }

  public Section section(String title) {
    var section = new Section(title);
    sections.add(section);
    return section;
  }

  /** Adds all that another report has. */
  public void include(Report part) {
    sections.addAll(part.sections);
    curves.putAll(part.curves);
    defects.addAll(part.defects);
  }

  /** Adds a distribution, to be drawn; nothing when there is none. */
  public void curve(String title, Latencies latencies) {
    if (latencies.total().count() > 0) {
      curves.put(title, latencies.curve());
    }
  }

  /** A broken promise, in words. One is enough for the run to have failed. */
  public void defect(String description) {
    defects.add(description);
  }

  /** Adds a defect when {@code count} of something that must not be are there. */
  public void defects(String what, long count) {
    if (count > 0) {
      defect("%,d %s".formatted(count, what));
    }
  }

  /** A number that the report has; empty when it has none of that name. */
  public OptionalDouble number(String section, String row) {
    return rows(section).get(row) instanceof Number value
        ? OptionalDouble.of(value.doubleValue())
        : OptionalDouble.empty();
  }

  /** The rows of a section; none when there is no such section. */
  public Map<String, Object> rows(String section) {
    return sections.stream()
        .filter(one -> one.title().equals(section))
        .findFirst()
        .map(Section::rows)
        .orElse(Map.of());
  }

  /** The slow end of a distribution that the report has, in milliseconds. */
  public OptionalDouble percentile99(String section, String row) {
    return rows(section).get(row) instanceof Percentiles times
        ? OptionalDouble.of(times.p99())
        : OptionalDouble.empty();
  }

  public boolean isClean() {
    return defects.isEmpty();
  }

  String scenario() {
    return scenario;
  }

  List<Section> sections() {
    return sections;
  }

  Map<String, Curve> curves() {
    return curves;
  }

  /** Broken promises, in words. */
  public List<String> defects() {
    return defects;
  }

  /** The report as plain maps and lists, for a JSON mapper. */
  public Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("scenario", scenario);
    all.put("clean", isClean());
    all.put("defects", defects);
    sections.forEach(section -> all.put(section.title(), section.rows()));
    return all;
  }
}
