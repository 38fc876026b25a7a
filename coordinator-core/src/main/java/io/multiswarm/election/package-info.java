/**
 * Who leads: one swarm of the fleet, by a lease in Redis with an epoch that grows with each change.
 *
 * <p>Receives what swarms this node holds; gives {@link io.multiswarm.election.Leadership} as a
 * Flux. Two nodes may believe that they lead while one of them is paused; at most one's writes are
 * accepted, because each carries its epoch.
 */
@NullMarked
package io.multiswarm.election;

import org.jspecify.annotations.NullMarked;
