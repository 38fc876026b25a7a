package io.multiswarm.load.client;

import io.multiswarm.load.history.Outcome;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The server answered a request with an error. */
public final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int ATTEMPTS = 40;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);

  private final String name;
  private final int code;

  public Fault(String method, int code, String name, String message) {
    super(
        "%s was refused with %s (%d): %s".formatted(method, name, code, message),
        null,
        false,
        false);
    this.name = name;
    this.code = code;
  }

  /**
   * Whether a call was carried out that ended so; of an outage or a lost connection nobody knows.
   */
  public static Outcome outcome(Throwable error) {
    return error instanceof Fault fault && !fault.name.equals("UNAVAILABLE")
        ? Outcome.FAILED
        : Outcome.UNKNOWN;
  }

  /**
   * Makes a call again while its outcome is unknown, as every client must, for ten seconds: for
   * calls that may be made twice. A busy machine has them, and they are no broken promise.
   */
  public static Retry whileUnknown(Scheduler clock) {
    return Retry.fixedDelay(ATTEMPTS, BETWEEN_ATTEMPTS)
        .scheduler(clock)
        .filter(error -> error instanceof Fault fault && fault.name.equals("UNAVAILABLE"))
        .onRetryExhaustedThrow((spec, last) -> last.failure());
  }

  /** The error's name, such as {@code NOT_FOUND}. */
  public String name() {
    return name;
  }

  public int code() {
    return code;
  }
}
