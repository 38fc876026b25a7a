/**
 * The tasks of one node, joined from their five rooms: {@code store} knows what a task is in Redis,
 * {@code queue} takes submissions and follows tasks to their end, {@code distribution} is what the
 * leader does to assign them, {@code worker} delivers assignments and takes reports, {@code upkeep}
 * brings back what was lost and removes what is old.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks;

import org.jspecify.annotations.NullMarked;
