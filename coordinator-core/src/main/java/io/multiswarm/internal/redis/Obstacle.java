package io.multiswarm.internal.redis;

import io.lettuce.core.RedisConnectionException;
import org.jspecify.annotations.Nullable;

/** Keeps a connection from being made, and says of itself what it is and where. */
final class Obstacle extends RedisConnectionException {
  private static final long serialVersionUID = 1L;

  Obstacle(String message) {
    super(message);
  }

  Obstacle(String message, Throwable cause) {
    super(message, cause);
  }

  /** The one that lies lowest; null when there is none. */
  static @Nullable Obstacle below(Throwable thrown) {
    Obstacle found = null;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof Obstacle obstacle) {
        found = obstacle;
      }
    }
    return found;
  }
}
