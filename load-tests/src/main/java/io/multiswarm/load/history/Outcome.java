package io.multiswarm.load.history;

/** How an operation ended, as far as its caller knows. */
public enum Outcome {
  /** It was carried out. */
  OK("ok"),
  /** It was refused, and changed nothing. */
  FAILED("failed"),
  /** It may have been carried out, or may be yet. */
  UNKNOWN("unknown");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /**
   * Of the word.
   *
   * @throws IllegalArgumentException for another word
   */
  public static Outcome of(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word.equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("'%s' is not ok, failed or unknown".formatted(word));
  }
}
