package io.multiswarm.recovery;

import io.multiswarm.internal.recovery.Confidence;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to go on.
 *
 * @param resumeFrom the phase that the state names, else the swarm's phase, else the source and its
 *     version
 * @param completedTasks ids, by the ledger and the state's own list; likewise the next two
 * @param inProgressTasks ids of those that the swarm had begun, and has not lost
 * @param pendingTasks ids of those that wait, those that were taken back from the swarm among them
 * @param progress completed of all known tasks, 0 to 1; 0 when none is known
 * @param nextActions what to do, in words, in this order
 * @param estimatedTime for what is left, by the mean duration of the swarm's completed tasks; null
 *     when none was measured
 * @param confidence 0.5 to 0.95, see {@link Confidence}
 */
public record RecoveryPlan(
    String resumeFrom,
    List<String> completedTasks,
    List<String> inProgressTasks,
    List<String> pendingTasks,
    double progress,
    List<String> nextActions,
    @Nullable Duration estimatedTime,
    double confidence,
    Verification verified) {

  public RecoveryPlan {
    completedTasks = List.copyOf(completedTasks);
    inProgressTasks = List.copyOf(inProgressTasks);
    pendingTasks = List.copyOf(pendingTasks);
    nextActions = List.copyOf(nextActions);
  }
}
