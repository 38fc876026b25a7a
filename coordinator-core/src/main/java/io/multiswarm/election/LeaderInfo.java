package io.multiswarm.election;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, according to Redis.
 *
 * @param epoch 0 when {@code swarm:leader} was set by a foreign process
 * @param node the leading node; null when unknown
 * @param lease what remains of it
 */
public record LeaderInfo(String swarmId, long epoch, @Nullable String node, Duration lease) {}
