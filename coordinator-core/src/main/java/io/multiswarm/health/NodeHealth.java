package io.multiswarm.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How well a node does, from the last round of measurements.
 *
 * @param schedulerDelay the longest that a task of the node waited for its thread beyond its time,
 *     since the round before; a long one means that something blocks
 * @param commandLatency of a read on the connection for commands; null when Redis gave no answer
 * @param controlLatency of a read on the connection for election and liveness; null likewise
 * @param sweepLag how late overdue things are noticed
 */
public record NodeHealth(
    Duration schedulerDelay,
    @Nullable Duration commandLatency,
    @Nullable Duration controlLatency,
    Duration sweepLag) {

  public static final NodeHealth UNKNOWN = new NodeHealth(Duration.ZERO, null, null, Duration.ZERO);
}
