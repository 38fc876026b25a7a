package io.multiswarm.resources;

import java.util.List;

/**
 * A pool as it was at one moment.
 *
 * @param allocations those that were asked for; all of them add up with {@code available} to {@code
 *     total}
 */
public record Pool(String type, long total, long available, List<Allocation> allocations) {

  /** 2^53-1: a JSON number and a Lua number carry it exactly. */
  public static final long MAX_AMOUNT = (1L << 53) - 1;

  /** What a swarm holds of a pool. */
  public record Allocation(String swarmId, long amount) {}

  public Pool {
    allocations = List.copyOf(allocations);
  }
}
