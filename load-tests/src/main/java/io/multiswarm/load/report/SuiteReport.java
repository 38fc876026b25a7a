package io.multiswarm.load.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All runs of a suite, and what is needed to repeat them. Written as JSON ({@link #asMap}) and as a
 * page ({@link HtmlReport}).
 *
 * @param facts of the machine, the versions, the seed and the command line, by their names
 */
public record SuiteReport(Map<String, String> facts, List<RunRecord> runs) {

  /** The version of the file's form. */
  private static final int FORM = 1;

  public boolean isClean() {
    return !runs.isEmpty() && runs.stream().allMatch(RunRecord::isClean);
  }

  /** The report as plain maps and lists, for a JSON mapper. */
  public Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("form", FORM);
    all.put("clean", isClean());
    all.put("facts", facts);
    all.put("runs", runs.stream().map(RunRecord::asMap).toList());
    return all;
  }
}
