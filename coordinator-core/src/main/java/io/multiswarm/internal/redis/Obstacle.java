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
    return Causes.lowest(thrown, Obstacle.class);
  }
}
