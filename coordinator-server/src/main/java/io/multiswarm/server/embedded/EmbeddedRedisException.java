package io.multiswarm.server.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded Redis cannot start. The message is one line that says why, and what to do. */
public final class EmbeddedRedisException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedRedisException(String message) {
    this(message, null);
  }

  EmbeddedRedisException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
