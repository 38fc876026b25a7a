package io.multiswarm.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What the checks of the environment saw since somebody last looked: recorded on any thread, taken
 * by {@link EnvironmentExtension} after each test and class and at the end.
 */
final class Violations {

  /**
   * The first few explain a failure; a loop that logs a million is to fail the test and not the
   * heap.
   */
  private static final int KEPT = 200;

  private static final LinkedBlockingQueue<Violation> SEEN = new LinkedBlockingQueue<>(KEPT);

  private Violations() {}

  static void record(Violation.Kind kind, String text) {
    // Refused when full: then the tests fail with those that are kept.
    SEEN.offer(new Violation(kind, text));
  }

  /** All, which are forgotten here. */
  static List<Violation> take() {
    List<Violation> taken = new ArrayList<>();
    SEEN.drainTo(taken);
    return taken;
  }
}
