package io.multiswarm.testing;

/** Something that no test may do unannounced. */
record Violation(Kind kind, String text) {

  enum Kind {
    BLOCKING_CALL,
    LEAK,
    ERROR_LOG
  }

  @Override
  public String toString() {
    return kind + ": " + text;
  }
}
