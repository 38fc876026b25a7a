/**
 * What one node of the fleet does for all. Two offices pass from node to node, each with a token
 * that fences whoever had it before: leadership, which is the swarms' ({@code internal.election}),
 * and {@link io.multiswarm.internal.duties.UpkeepLease upkeep}, which is the nodes' and needs no
 * swarm. {@link io.multiswarm.internal.duties.Duties} performs the duties of either.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.duties;

import org.jspecify.annotations.NullMarked;
