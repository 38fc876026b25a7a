package io.multiswarm.server.session;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a session may send a second. What is over it is refused, and said when to come again;
 * who goes on all the same is given up.
 *
 * <p>Bytes may go into debt, for else no message could be larger than a second's worth: one passes
 * when nothing is owed, and the next when it is paid.
 *
 * <p><b>Threading.</b> The connection's thread.
 */
final class RateLimit {

  /** Refusals that are forgiven, in seconds' worth of messages, and at least so many. */
  private static final int PATIENCE_SECONDS = 10;

  private static final int LEAST_PATIENCE = 100;

  /** Of refusals, where only bytes have a limit. */
  private static final int PATIENCE_PER_SECOND = 10;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Limits.Rates rates;
  private final @Nullable Bucket messages;
  private final @Nullable Bucket bytes;
  private final Bucket refusals;

  private RateLimit(Limits.Rates rates) {
    this.rates = rates;
    long perSecond = rates.messages() == 0 ? PATIENCE_PER_SECOND : rates.messages();
    this.messages =
        rates.messages() == 0 ? null : bucket(rates, rates.messages(), rates.messages());
    this.bytes = rates.bytes() == 0 ? null : bucket(rates, rates.bytes(), rates.bytes());
    this.refusals =
        bucket(rates, Math.max(LEAST_PATIENCE, PATIENCE_SECONDS * perSecond), perSecond);
  }

  /** Null when there is no limit. */
  static @Nullable RateLimit of(Limits limits) {
    Limits.Rates rates = limits.rates();
    return rates.messages() == 0 && rates.bytes() == 0 ? null : new RateLimit(rates);
  }

  private static Bucket bucket(Limits.Rates rates, long capacity, long perSecond) {
    return Bucket.builder()
        .withCustomTimePrecision(new SchedulerClock(rates.scheduler()))
        .addLimit(limit -> limit.capacity(capacity).refillGreedy(perSecond, SECOND))
        .build();
  }

  /** Why a message must not pass; null when it may. */
  @Nullable CoordinationException refusal(int count, int size) {
    if (bytes != null) {
      long owed = 1 - bytes.getAvailableTokens();
      if (owed > 0) {
        return refused(
            "RATE_BYTES",
            rates.bytes(),
            "bytes",
            SECOND.multipliedBy(owed).dividedBy(rates.bytes()));
      }
    }
    if (messages != null) {
      // A batch of more than a second's worth passes when the bucket is full.
      long taken = Math.min(count, rates.messages());
      ConsumptionProbe probe = messages.tryConsumeAndReturnRemaining(taken);
      if (!probe.isConsumed()) {
        return refused(
            "RATE_MESSAGES",
            rates.messages(),
            "messages",
            Duration.ofNanos(probe.getNanosToWaitForRefill()));
      }
    }
    if (bytes != null) {
      bytes.consumeIgnoringRateLimits(size);
    }
    return null;
  }

  /** Whether so many refusals may still be forgiven. */
  boolean forgives(int count) {
    return refusals.tryConsume(count);
  }

  private static CoordinationException refused(
      String setting, long limit, String what, Duration wait) {
    return CoordinationException.of(
            ErrorCode.RESOURCE_EXHAUSTED,
            "over %d %s a second (%s); wait before the next",
            limit,
            what,
            setting)
        .retryAfter(wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait);
  }
}
