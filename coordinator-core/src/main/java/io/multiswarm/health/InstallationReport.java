package io.multiswarm.health;

import java.util.List;

/**
 * What a look at Redis found.
 *
 * @param problems a readable line each; none when nothing is known that breaks a promise
 * @param warnings what could not be looked at, a line each: no answer is no good one
 */
public record InstallationReport(
    Installation installation, List<String> problems, List<String> warnings) {

  public InstallationReport {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Whether nothing that was promised is at risk. */
  public boolean isSafe() {
    return problems.isEmpty();
  }
}
