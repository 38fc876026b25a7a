package io.multiswarm.tasks;

import java.time.Duration;

/**
 * Numbers of the fleet's tasks. The first group counts since the beginning, the second tells the
 * present.
 *
 * @param tasksDistributed assignments
 * @param tasksFailed attempts that their worker reported as failed
 * @param redelivered assignments that were not a task's first
 * @param expired assignments whose lease ran out
 * @param returned assignments that came back because their swarm was gone
 * @param dead tasks that used up their attempts
 * @param queueDepth pending tasks, those that wait for their time among them
 * @param unroutable pending tasks that no attached swarm can take, as the leader last saw
 * @param queueBytes what tasks that have not ended take of Redis, about
 * @param endedBytes what ended tasks take of it, about
 * @param oldestAge of the tasks that could be assigned
 * @param paused whether nobody is given tasks
 */
public record TaskStatistics(
    long tasksSubmitted,
    long tasksDistributed,
    long tasksCompleted,
    long tasksFailed,
    long tasksCancelled,
    long redelivered,
    long expired,
    long returned,
    long dead,
    long queueDepth,
    long delayed,
    long assigned,
    long unroutable,
    long lanes,
    long queueBytes,
    long endedBytes,
    Duration oldestAge,
    boolean paused) {}
