package io.multiswarm.load.scenario;

import io.multiswarm.load.report.Report;
import reactor.core.publisher.Mono;

/** Something that can be measured. */
public interface Scenario {

  /**
   * Runs on a context and leaves it as it was found. Broken promises are defects of the report; an
   * error means that nothing could be measured, and its message says why in words for the person at
   * the keyboard.
   */
  Mono<Report> run(ScenarioContext context);

  /** The promise that it holds the system to, in a sentence. */
  String promise();

  /** What must be there. */
  default Need need() {
    return Need.SERVER;
  }

  /** What a context is to have. */
  enum Need {
    /** The server itself is measured. */
    SERVER,
    /** A Redis that was named is enough; otherwise a server brings one. */
    REDIS,
    /** The scenario makes its own servers, on a Redis that was named or on one of its own. */
    NOTHING
  }
}
