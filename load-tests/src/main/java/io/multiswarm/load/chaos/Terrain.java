package io.multiswarm.load.chaos;

import io.multiswarm.load.faults.RedisObserver;
import io.multiswarm.load.faults.Relay;
import io.multiswarm.load.target.SharedRedis;
import java.util.List;

/**
 * What is around the servers.
 *
 * @param relays the ways to Redis; none when servers reach it by themselves
 */
record Terrain(SharedRedis redis, List<Relay> relays, RedisObserver observer) {}
