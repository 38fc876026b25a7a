package io.multiswarm.election;

import java.time.Duration;

/**
 * Numbers of the election as one node sees it.
 *
 * @param leading whether this node leads
 * @param leadershipChanges leaderships, of any node, that this node has seen begin
 * @param epoch the newest that this node has seen; 0 before the first
 * @param leaseAge since the lease, own or another's, was last known to be renewed; zero when vacant
 * @param scripts calls to Redis
 * @param failures of these calls
 */
public record ElectionStatistics(
    boolean leading,
    long leadershipChanges,
    long epoch,
    Duration leaseAge,
    long scripts,
    long failures) {}
