/**
 * {@link io.multiswarm.recovery.Recovery} over Redis: reads the sources of a swarm, verifies and
 * plans, and recovers what is interrupted as a duty of the leader.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.recovery;

import org.jspecify.annotations.NullMarked;
