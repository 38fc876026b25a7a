package io.multiswarm.recovery;

import io.multiswarm.internal.recovery.Confidence;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /**
   * What is known of a swarm's resources.
   *
   * @param held amounts by type that it still has
   * @param returned amounts by type that were taken back from it because it was gone
   */
  public record ResourceFacts(Map<String, Long> held, Map<String, Long> returned) {

    public static final ResourceFacts NONE = new ResourceFacts(Map.of(), Map.of());

    public ResourceFacts {
      held = Collections.unmodifiableMap(new TreeMap<>(held));
      returned = Collections.unmodifiableMap(new TreeMap<>(returned));
    }
  }

  /**
   * What was looked at and found to be so, as opposed to guessed.
   *
   * @param source state, checkpoint or snapshot
   * @param version that the source had
   * @param age of the source when it was found
   * @param checksum SHA-1 that was computed and is the one that was stored
   * @param damaged sources that were passed over because theirs was not
   * @param tasksRequeued tasks that were taken back from the swarm and wait for somebody
   * @param resources that the swarm still has, and those that were returned
   */
  public record Verification(
      String source,
      long version,
      Duration age,
      String checksum,
      List<String> damaged,
      int tasksRequeued,
      ResourceFacts resources) {

    public Verification {
      damaged = List.copyOf(damaged);
    }
  }
}
