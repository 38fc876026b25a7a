package io.multiswarm.load.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  public Report(String scenario) {
    this.scenario = scenario;
  }

  public Section section(String title) {
    var section = new Section(title);
    sections.add(section);
    return section;
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

  public boolean isClean() {
    return defects.isEmpty();
  }

  String scenario() {
    return scenario;
  }

  List<Section> sections() {
    return sections;
  }

  List<String> defects() {
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
