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

  /** A pool of which idle swarms may keep what they hold. */
  public static PoolDefinition of(String type, long total) {
    return new PoolDefinition(type, total, false);
  }

  /**
   * The same, but idle swarms are asked to give back what they hold, and lose it when they do not.
   */
  public PoolDefinition reclaiming() {
    return new PoolDefinition(type, total, true);
  }
}
