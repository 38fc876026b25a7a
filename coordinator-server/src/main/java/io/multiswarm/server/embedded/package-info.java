/**
 * The redis-server that the coordinator runs when it is not told of another: receives a data
 * directory, gives the address of a Redis that keeps its data there.
 *
 * <p>The directory belongs to one coordinator at a time, by a lock. What it holds: {@code
 * coordinator.lock}, {@code redis.pid} (written by redis-server, while it lives), {@code bin/} with
 * the program, {@code appendonlydir/} with the data.
 */
@NullMarked
package io.multiswarm.server.embedded;

import org.jspecify.annotations.NullMarked;
