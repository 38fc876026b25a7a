package io.multiswarm.load.judge;

import java.util.Map;

/** What a judge has found. */
public interface Findings {

  /** How often each promise was broken, in words. */
  Map<String, Long> defects();

  /** Whether every promise was kept. */
  default boolean isClean() {
    return defects().values().stream().allMatch(count -> count == 0);
  }
}
