package io.multiswarm.health;

import java.util.List;

/**
 * What a look at Redis found.
 *
 * @param problems a readable line each; none when coordination can keep its promises
 */
public record InstallationReport(Installation installation, List<String> problems) {

  public InstallationReport {
    problems = List.copyOf(problems);
  }

  /** Whether nothing that was promised is at risk. */
  public boolean isSafe() {
    return problems.isEmpty();
  }
}
