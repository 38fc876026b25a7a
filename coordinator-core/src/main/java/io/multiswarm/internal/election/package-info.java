/**
 * {@link io.multiswarm.election.Election} over Redis: campaigns for the lease, renews it, gives it
 * up, and runs the {@link io.multiswarm.internal.election.LeaderOffice duties} of the leader while
 * it lasts.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.election;

import org.jspecify.annotations.NullMarked;
