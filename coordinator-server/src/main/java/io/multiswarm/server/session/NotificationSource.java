package io.multiswarm.server.session;

import org.jspecify.annotations.Nullable;

/**
 * Where notifications come from when the connection can take one. A source that is not asked holds
 * on to its position or its latest state, not to a queue.
 */
@FunctionalInterface
public interface NotificationSource {

  /**
   * The next notification's text; null when there is none now, and then the source calls {@link
   * Peer#wake} when there may be one. On the connection's thread.
   */
  byte @Nullable [] poll();
}
