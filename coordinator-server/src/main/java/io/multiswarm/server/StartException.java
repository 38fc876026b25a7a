package io.multiswarm.server;

/** The server cannot start. The message is one line that says why, and what to do. */
final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
