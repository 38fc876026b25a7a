/**
 * Stage 1 of 5 of a task: its record, its keys, its transitions as signals, and what scripts
 * refuse.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks.store;

import org.jspecify.annotations.NullMarked;
