package io.multiswarm.health;

import java.time.Duration;
import java.time.Instant;

/**
 * A node of the fleet, as it last told of itself. A node that died is one until its lease is over.
 *
 * @param version of the program that runs on it
 * @param sessions open ones
 * @param swarms attached to it
 * @param leading whether one of its swarms leads
 * @param redisLatency of its last sign of life, there and back
 */
public record NodeInfo(
    String node,
    String version,
    Instant startedAt,
    int sessions,
    int swarms,
    boolean leading,
    Duration redisLatency) {}
