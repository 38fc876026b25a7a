/**
 * Finds out from what an interrupted swarm can go on, and prepares it.
 *
 * <p>Receives a swarm; looks through its state, checkpoints and snapshots, in that order, for the
 * first whose checksum is right; saves what came from a copy as a new version of the state; and
 * gives a plan of what is done, what is left, and how far all that can be trusted. The fleet does
 * that by itself, once for each interruption; anybody with the right may do it by hand.
 */
@NullMarked
package io.multiswarm.recovery;

import org.jspecify.annotations.NullMarked;
