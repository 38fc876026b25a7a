package io.multiswarm.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;

/** The nodes of the fleet. */
public interface Nodes {

  /**
   * All nodes whose lease is good, by their ids, at most 1,000. What others tell is as of their
   * last sign of life, a third of the node lease ago at most. {@code UNAVAILABLE} while Redis is
   * away.
   */
  Mono<List<NodeInfo>> list();

  /**
   * What this node tells of itself from now on.
   *
   * @param version of the program, a word without white space
   * @param sessions asked at each sign of life; must not block
   */
  void describe(String version, IntSupplier sessions);

  /**
   * A node of the fleet, as it last told of itself. A node that died is one until its lease is
   * over.
   *
   * @param version of the program that runs on it
   * @param sessions open ones
   * @param swarms attached to it
   * @param leading whether one of its swarms leads
   * @param redisLatency of its last sign of life, there and back
   */
  record NodeInfo(
      String node,
      String version,
      Instant startedAt,
      int sessions,
      int swarms,
      boolean leading,
      Duration redisLatency) {}
}
