package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt failed.
 *
 * @param error the application's own, kept with the task
 * @param retry whether a further attempt makes sense
 * @param delay before it; null doubles it with each failure, from 500 ms to a minute
 */
public record Failure(Json error, boolean retry, @Nullable Duration delay) {

  private static final Duration LONGEST_DELAY = Duration.ofDays(365);
  private static final int REASON_LENGTH = 200;

  public Failure {
    if (delay != null && (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0)) {
      throw CoordinationException.invalid("delayMs", "must be 0 to %d", LONGEST_DELAY.toMillis());
    }
  }

  /** One after which the task is tried again. */
  public static Failure of(Json error) {
    return new Failure(error, true, null);
  }

  /** What the history keeps of the error: a JSON string of bounded length. */
  public String reason() {
    String text = error.isString() ? error.text() : TaskSpec.oneLine(error);
    return Json.quote(shortened(text));
  }

  /** Cuts a text to what is kept of an error. */
  public static String shortened(String text) {
    return Texts.shortened(text, REASON_LENGTH);
  }
}
