/**
 * Who exists: registration, discovery and life cycle of swarms.
 *
 * <p>Each write is one Lua script that checks the {@link io.multiswarm.common.Ownership} first and
 * announces what it changed on {@code swarm:events} in the same step.
 *
 * <p>Also who lives: {@link io.multiswarm.registry.RegistryNode} renews one lease for the node and
 * the heartbeats of its swarms, and sweeps for nodes and swarms that are gone. What depends on a
 * swarm hears of its end by {@link io.multiswarm.registry.SwarmSignal}.
 */
@NullMarked
package io.multiswarm.registry;

import org.jspecify.annotations.NullMarked;
