/**
 * Resources: pools of countable things that swarms share.
 *
 * <p>What is free and what is held always add up to the total: every move is one script, which
 * checks the {@link io.multiswarm.common.Ownership} first. Those who wait stand in one line a type,
 * kept in Redis, so that first come is first served whichever node they ask. A release serves the
 * line in the same step; the signal that tells the waiting node is only a hint.
 *
 * <p>What a swarm holds is returned with its deregistration, and by the fleet when it is gone for
 * good.
 */
@NullMarked
package io.multiswarm.resources;

import org.jspecify.annotations.NullMarked;
