/**
 * What the tests of all modules stand on: a real Redis that a test may break, a proxy that breaks
 * the way to it, virtual time, bounded waits, and the checks of the environment that fail a build.
 *
 * <p>The shortest test with a Redis:
 *
 * <pre>{@code
 * @RedisTest
 * class HeartbeatIT {
 *   @Test
 *   void heartbeat_firstOne_isStored(TestRedis redis) {
 *     var client = RedisClient.create(redis.uri());       // redis://127.0.0.1:port
 *     ...                                                 // keys begin with redis.fleet(), which is this test's alone
 *     assertThat(redis.text("GET", redis.fleet() + ":k")).isEqualTo("v");
 *   }
 * }
 * }</pre>
 *
 * <p>A test that stops, kills, pauses or reconfigures Redis asks for an {@link
 * io.multiswarm.testing.OwnedRedis} instead and gets a server of its own; one that breaks the
 * network puts a {@link io.multiswarm.testing.RedisProxy} before either. {@link
 * io.multiswarm.testing.Await} waits for a condition with a deadline, {@link
 * io.multiswarm.testing.VirtualTime} is a clock that a test turns.
 *
 * <p>Without any annotation every test of every module runs with BlockHound installed and Netty's
 * leak detection at its strictest, and fails when a non-blocking thread was blocked, a buffer
 * leaked, or our code or Reactor's dropped signals logged an ERROR that {@link
 * io.multiswarm.testing.ExpectErrorLog} didn't announce.
 *
 * <p>Depends on nothing of the main code, so that no bug of it can hide here.
 */
@NullMarked
package io.multiswarm.testing;

import org.jspecify.annotations.NullMarked;
