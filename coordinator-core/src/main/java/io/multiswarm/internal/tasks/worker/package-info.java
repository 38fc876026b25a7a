/**
 * Stage 4 of 5 of a task: assignments reach the subscriber of the swarm, as many as it asked for;
 * leases are extended, and reports carry the attempt that they are of.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks.worker;

import org.jspecify.annotations.NullMarked;
