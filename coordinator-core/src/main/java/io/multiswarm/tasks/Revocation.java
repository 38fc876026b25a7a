package io.multiswarm.tasks;

/** An assignment ended without the swarm's doing: its reports are {@code FENCED} from now on. */
public record Revocation(String swarmId, String taskId, long attempt, String reason) {}
