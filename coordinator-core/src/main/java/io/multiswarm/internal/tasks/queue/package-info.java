/**
 * Stage 2 of 5 of a task: submissions become pending tasks in Redis, in batches; whoever awaits or
 * watches one is told of its transitions. Nothing may be dropped: a signal that is lost is made up
 * for by reading.
 *
 * <p>Internal: do not use from outside the library.
 */
@NullMarked
package io.multiswarm.internal.tasks.queue;

import org.jspecify.annotations.NullMarked;
