package io.multiswarm.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * Whose a task is.
 *
 * @param principal that submitted it; null when that was not proven
 * @param from the swarm in whose name it was submitted, if any
 * @param swarmId the swarm that has it, or whose attempt ended it
 */
public record TaskOwner(
    @Nullable String principal, @Nullable String from, @Nullable String swarmId) {}
