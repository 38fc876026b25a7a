package io.multiswarm.load.scenario;

import io.multiswarm.load.report.Report;
import reactor.core.publisher.Mono;

/** Something that can be measured. */
public interface Scenario {

  /**
   * Runs on a stage and leaves it as it was found. Broken promises are defects of the report; an
   * error means that nothing could be measured, and its message says why in words for the person at
   * the keyboard.
   */
  Mono<Report> run(Stage stage);

  /** Whether the stage's server is used, so that one must be there. */
  default boolean needsServer() {
    return true;
  }
}
