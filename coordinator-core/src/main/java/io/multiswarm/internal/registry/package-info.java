/**
 * {@link io.multiswarm.registry.SwarmRegistry} over Redis, and who lives: {@link
 * io.multiswarm.internal.registry.RegistryNode} renews one lease for the node and the heartbeats of
 * its swarms, and looks for nodes and swarms that are gone. What depends on a swarm hears of its
 * end by {@link io.multiswarm.internal.registry.SwarmSignal}.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.registry;

import org.jspecify.annotations.NullMarked;
