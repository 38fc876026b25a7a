package io.multiswarm.internal.redis;

import reactor.core.publisher.Mono;

/** Knows which server is the one to write to. */
interface Whereabouts {

  /** Asks anew. Fails when nobody can tell. */
  Mono<RedisAddress> find();

  /**
   * Whether this server is known to be the wrong one by now; of what was heard last, without
   * asking.
   */
  default boolean isElsewhere(RedisAddress server) {
    return false;
  }

  /** Whether {@link #find} may say something else while the server's address stays the same. */
  default boolean mayMove() {
    return true;
  }

  default void close() {}
}
