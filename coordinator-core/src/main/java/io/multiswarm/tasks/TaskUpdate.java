package io.multiswarm.tasks;

import org.jspecify.annotations.Nullable;

/**
 * A task moved on.
 *
 * @param attempt of the current or last assignment, 0 before the first
 * @param swarmId the swarm that has it, or whose attempt ended it
 * @param from the swarm that submitted it
 */
public record TaskUpdate(
    String taskId,
    TaskStatus status,
    long attempt,
    @Nullable String swarmId,
    @Nullable String from) {}
