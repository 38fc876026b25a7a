/**
 * Tasks: from a submission to exactly one end, whatever is killed in between.
 *
 * <p>Receives submissions on any node, and demand from the swarms that the node holds; gives
 * assignments to workers and ends to submitters. Pending tasks wait in Redis; the leader matches
 * them with demand and assigns them in batches. Nothing may be dropped: every arrow of a task's
 * life is one script, and whoever reports on an attempt proves that it is the current one.
 *
 * <p>{@link io.multiswarm.tasks.TaskQueue} is the submitter's side, {@link
 * io.multiswarm.tasks.TaskWorkers} the worker's, {@link io.multiswarm.tasks.TaskStrategy} the way
 * in for an own idea of who should do what.
 */
@NullMarked
package io.multiswarm.tasks;

import org.jspecify.annotations.NullMarked;
