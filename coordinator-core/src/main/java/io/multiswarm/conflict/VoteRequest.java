package io.multiswarm.conflict;

import java.time.Duration;

/**
 * A swarm of this node is asked to vote.
 *
 * @param timeout what is left of the time to vote
 * @param swarmId who is asked
 */
public record VoteRequest(
    String conflictId,
    String type,
    String swarmA,
    String swarmB,
    Duration timeout,
    String swarmId) {}
