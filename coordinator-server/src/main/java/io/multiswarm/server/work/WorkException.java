package io.multiswarm.server.work;

/** The runner cannot go on. The message is one line and says what to do. */
final class WorkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WorkException(String message) {
    super(message, null, false, false);
  }
}
