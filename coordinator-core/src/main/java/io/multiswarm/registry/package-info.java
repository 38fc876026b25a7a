/**
 * Who exists: registration, discovery and life cycle of swarms.
 *
 * <p>Each write is one Lua script that checks the {@link io.multiswarm.common.Ownership} first and
 * announces what it changed on {@code swarm:events} in the same step.
 */
@NullMarked
package io.multiswarm.registry;

import org.jspecify.annotations.NullMarked;
