package io.multiswarm.server.auth;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds out who shows a token. Addresses that fail often wait for the answer. */
public final class Authentication {

  private final Tokens tokens;
  private final Scheduler scheduler;
  private final Failures failures = new Failures();

  public Authentication(Tokens tokens, Scheduler scheduler) {
    this.tokens = tokens;
    this.scheduler = scheduler;
  }

  /** Whether anybody is asked for a token. */
  public boolean isOn() {
    return tokens.areAskedFor();
  }

  public Instant now() {
    return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /**
   * What the token grants; at once, unless the address has failed often. Fails with {@code
   * UNAUTHENTICATED}.
   *
   * @param token null when none was shown
   * @param later where the answer comes when it does not come at once
   */
  public Mono<AccessGrant> authenticate(
      InetAddress address, @Nullable String token, Scheduler later) {
    return Mono.defer(
        () -> {
          if (!isOn()) {
            return Mono.just(AccessGrant.ANONYMOUS);
          }
          Duration delay = failures.delay(address, now());
          Mono<AccessGrant> verdict = Mono.fromSupplier(() -> judge(address, token));
          return delay.isZero()
              ? verdict
              : Mono.delay(delay, scheduler).publishOn(later).then(verdict);
        });
  }

  private AccessGrant judge(InetAddress address, @Nullable String token) {
    try {
      if (token == null) {
        throw new BadToken(
            "a token is missing: send it as \"Authorization: Bearer …\" or in session.open");
      }
      return tokens.judge(token, now());
    } catch (BadToken bad) {
      failures.failed(address, now());
      Audit.refused(address, String.valueOf(bad.getMessage()));
      throw new CoordinationException(ErrorCode.UNAUTHENTICATED, String.valueOf(bad.getMessage()));
    }
  }

  /** What an earlier grant is worth by now; null for nothing any more. */
  public @Nullable AccessGrant current(AccessGrant earlier) {
    AccessGrant grant = tokens.current(earlier);
    return grant == null || grant.isOver(now()) ? null : grant;
  }
}
