package io.multiswarm.internal.node;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** How what must be done some time is tried again while Redis is away. */
public final class Retries {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private Retries() {}

  /**
   * For ever, less and less often, while Redis does not answer or is overloaded; no other error.
   */
  public static RetryBackoffSpec untilAnswered(Scheduler scheduler) {
    return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
        .maxBackoff(LONGEST_PAUSE)
        .scheduler(scheduler)
        .filter(
            error ->
                CoordinationException.is(error, ErrorCode.UNAVAILABLE)
                    || CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED));
  }
}
