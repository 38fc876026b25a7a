package io.multiswarm.server.files;

/** A file that cannot be used. The message is one line that says why, and holds no secret. */
public final class FileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FileException(String message) {
    super(message, null, false, false);
  }
}
