package io.multiswarm.load.client;

import io.multiswarm.load.history.Outcome;

/** The server answered a request with an error. */
public final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

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

  /** The error's name, such as {@code NOT_FOUND}. */
  public String name() {
    return name;
  }

  public int code() {
    return code;
  }
}
