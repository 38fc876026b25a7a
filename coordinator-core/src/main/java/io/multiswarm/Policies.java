package io.multiswarm;

import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.health.Durability;
import io.multiswarm.health.OnEviction;
import io.multiswarm.recovery.RecoveryOptions;
import io.multiswarm.resources.ResourceOptions;

/**
 * What the parts of a node decide when nobody says otherwise. All nodes of a fleet should have the
 * same: what the leader does goes by the leader's.
 *
 * @param onEviction whether to start on a Redis that may remove keys when its memory is full
 * @param durability what acknowledged work is to survive
 */
public record Policies(
    OnEviction onEviction,
    Durability durability,
    ResourceOptions resources,
    ConflictOptions conflicts,
    RecoveryOptions recovery) {

  /**
   * Refuses a Redis that may evict keys, demands no durability; the rest is as each part's defaults
   * say.
   */
  public static Policies defaults() {
    return new Policies(
        OnEviction.REFUSE,
        Durability.MEMORY,
        ResourceOptions.defaults(),
        ConflictOptions.defaults(),
        RecoveryOptions.defaults());
  }

  public Policies withOnEviction(OnEviction changed) {
    return new Policies(changed, durability, resources, conflicts, recovery);
  }

  public Policies withDurability(Durability changed) {
    return new Policies(onEviction, changed, resources, conflicts, recovery);
  }

  public Policies withResources(ResourceOptions changed) {
    return new Policies(onEviction, durability, changed, conflicts, recovery);
  }

  public Policies withConflicts(ConflictOptions changed) {
    return new Policies(onEviction, durability, resources, changed, recovery);
  }

  public Policies withRecovery(RecoveryOptions changed) {
    return new Policies(onEviction, durability, resources, conflicts, changed);
  }
}
