/**
 * Stage 3 of 5 of a task: the leader matches the heads of the lanes with the swarms that have
 * credit, and commits a round of assignments by one script that carries its epoch. Wake-ups
 * conflate.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks.distribution;

import org.jspecify.annotations.NullMarked;
