package io.multiswarm;

import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.health.OnEviction;
import io.multiswarm.recovery.RecoveryOptions;
import io.multiswarm.resources.ResourceOptions;

/**
 * What the parts of a node decide when nobody says otherwise. All nodes of a fleet should have the
 * same: what the leader does goes by the leader's.
 *
 * @param onEviction whether to start on a Redis that may remove keys when its memory is full
 */
public record Policies(
    OnEviction onEviction,
    ResourceOptions resources,
    ConflictOptions conflicts,
    RecoveryOptions recovery) {

  /** Refuses a Redis that may evict keys; the rest is as each part's defaults say. */
  public static Policies defaults() {
    return new Policies(
        OnEviction.REFUSE,
        ResourceOptions.defaults(),
        ConflictOptions.defaults(),
        RecoveryOptions.defaults());
  }

  public Policies withOnEviction(OnEviction changed) {
    return new Policies(changed, resources, conflicts, recovery);
  }

  public Policies withResources(ResourceOptions changed) {
    return new Policies(onEviction, changed, conflicts, recovery);
  }

  public Policies withConflicts(ConflictOptions changed) {
    return new Policies(onEviction, resources, changed, recovery);
  }

  public Policies withRecovery(RecoveryOptions changed) {
    return new Policies(onEviction, resources, conflicts, changed);
  }
}
