package io.multiswarm.resources;

import io.multiswarm.common.Ids;

/**
 * What a pool is to be.
 *
 * @param total from 0
 * @param reclaim whether swarms that do nothing are asked to give back what they hold of it, and
 *     lose it when they do not
 */
public record PoolDefinition(String type, long total, boolean reclaim) {

  public PoolDefinition {
    Ids.check("type", type);
    Amounts.check("total", total, 0);
  }

  public static PoolDefinition of(String type, long total) {
    return new PoolDefinition(type, total, false);
  }

  public PoolDefinition reclaiming() {
    return new PoolDefinition(type, total, true);
  }
}
