/**
 * Stage 5 of 5 of a task: what is due, whose lease is over, whose swarm is gone, what is kept long
 * enough.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks.upkeep;

import org.jspecify.annotations.NullMarked;
