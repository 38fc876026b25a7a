package io.multiswarm.server.client;

import org.jspecify.annotations.Nullable;

/** The server was not reached, or the connection to it has ended, before there was an answer. */
public final class NotReachedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int closeCode;

  NotReachedException(String message, int closeCode, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.closeCode = closeCode;
  }

  /** That of the server's close frame; 0 when there was none. Codes of 4500 to 4999 are final. */
  public int closeCode() {
    return closeCode;
  }
}
