package io.multiswarm.internal.election;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When Redis is to be asked again: not before a pause is over, and by the time that something is to
 * be checked. Confined like {@link ElectionState}.
 */
final class RetrySchedule {

  private final ElectionTiming timing;
  private @Nullable Duration checkAt;
  private @Nullable Duration notBefore;
  private int failuresInRow;

  RetrySchedule(ElectionTiming timing) {
    this.timing = timing;
  }

  boolean isPaused(Duration now) {
    return notBefore != null && now.compareTo(notBefore) < 0;
  }

  boolean isDue(Duration now) {
    return checkAt != null && now.compareTo(checkAt) >= 0;
  }

  /** Null when no pause was set. */
  @Nullable Duration pauseEnd() {
    return notBefore;
  }

  /** Null when nothing is to be checked. */
  @Nullable Duration checkAt() {
    return checkAt;
  }

  /** Checks at {@code at}, or earlier if that was agreed. */
  void checkBy(Duration at) {
    if (checkAt == null || checkAt.compareTo(at) > 0) {
      checkAt = at;
    }
  }

  /** Does nothing until {@code at}, then checks. */
  void restUntil(Duration at) {
    notBefore = at;
    checkAt = at;
  }

  /** What is known now is as good as an answer: nothing to check, nothing to wait for. */
  void settle() {
    checkAt = null;
    notBefore = null;
  }

  void answered() {
    failuresInRow = 0;
  }

  boolean isFailing() {
    return failuresInRow > 0;
  }

  /** It is tried again, less and less often. */
  void failed(Duration now) {
    restUntil(now.plus(timing.pauseAfter(failuresInRow++)));
  }
}
