/**
 * Stage 1 of 5: Redis itself. Receives bytes from two connections of commands and one of
 * subscriptions, gives script replies and raw pub/sub messages in the order in which Redis sent
 * them. Drops nothing; while Redis is away it refuses at once instead of queueing.
 *
 * <p>The only package that knows Lettuce. Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.redis;

import org.jspecify.annotations.NullMarked;
