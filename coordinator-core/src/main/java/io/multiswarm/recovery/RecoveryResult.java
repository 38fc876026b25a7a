package io.multiswarm.recovery;

import io.multiswarm.common.Json;
import org.jspecify.annotations.Nullable;

/**
 * What became of an attempt to recover a swarm.
 *
 * @param source state, checkpoint or snapshot; null without success
 * @param state what the swarm can go on from; null without success
 * @param version of that state now; 0 without success
 * @param recoveryPlan null without success
 */
public record RecoveryResult(
    boolean success,
    String swarmId,
    @Nullable String source,
    @Nullable Json state,
    long version,
    @Nullable RecoveryPlan recoveryPlan) {

  /** There was nothing to resume from. */
  public static RecoveryResult nothing(String swarmId) {
    return new RecoveryResult(false, swarmId, null, null, 0, null);
  }
}
