package io.multiswarm.health;

import java.util.List;

/** What a Redis promises, as far as it tells and lets itself be tried. */
public record RedisExamination(List<Finding> findings) {

  public RedisExamination {
    findings = List.copyOf(findings);
  }

  /** Whether a fleet can rely on it: it was looked at, nothing is wrong, what matters is known. */
  public boolean isSafe() {
    return !findings.isEmpty()
        && findings.stream().noneMatch(finding -> finding.level() == Level.UNSAFE);
  }

  /** How good a finding is. */
  public enum Level {
    OK,
    /** Works, and costs something. */
    WARNING,
    /** Breaks a promise, or may do so for all that can be known. */
    UNSAFE
  }

  /**
   * One thing that was looked at.
   *
   * @param name what: {@code version}, {@code eviction}
   * @param text what was found, in a line
   * @param advice what to do; empty when there is nothing to do
   */
  public record Finding(String name, Level level, String text, String advice) {}
}
