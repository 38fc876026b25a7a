/**
 * {@link io.multiswarm.state.SwarmStateManager} over Redis: states with versions, and the copies of
 * them.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.state;

import org.jspecify.annotations.NullMarked;
