package io.multiswarm.internal.recovery;

import io.multiswarm.internal.state.RecoverySources;
import io.multiswarm.recovery.RecoveryPlan;
import io.multiswarm.recovery.RecoveryPlan.ResourceFacts;
import io.multiswarm.recovery.RecoveryPlan.Verification;
import io.multiswarm.registry.Swarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the plan from what was found; computes and does nothing else. */
final class RecoveryPlanner {

  private static final int MOST_NAMED = 5;

  private final Swarm swarm;
  private final RecoverySources.Source source;
  private final List<String> damaged;
  private final TaskFacts ledger;
  private final StateReading reading;

  RecoveryPlanner(
      Swarm swarm, RecoverySources.Source source, List<String> damaged, TaskFacts ledger) {
    this.swarm = swarm;
    this.source = source;
    this.damaged = damaged;
    this.ledger = ledger;
    this.reading = StateReading.of(source.state());
  }

  RecoveryPlan plan(ResourceFacts resources) {
    // The ledger is right where the two differ: the state tells of what the ledger does not know.
    Set<String> told = ledger.all();
    Set<String> completed = united(ledger.completed(), reading.completed(), told);
    Set<String> inProgress = united(ledger.inProgress(), reading.inProgress(), told);
    Set<String> pending = united(ledger.requeued(), reading.pending(), told);
    int left = inProgress.size() + pending.size();
    int all = completed.size() + left;
    return new RecoveryPlan(
        resumeFrom(),
        List.copyOf(completed),
        List.copyOf(inProgress),
        List.copyOf(pending),
        all == 0 ? 0 : (double) completed.size() / all,
        nextActions(inProgress, pending, resources.returned()),
        estimate(left),
        Confidence.of(source.age(), completeness(), agents() > 0),
        new Verification(
            source.kind().word(),
            source.version(),
            source.age(),
            source.checksum(),
            damaged,
            ledger.requeued().size(),
            resources));
  }

  private String resumeFrom() {
    if (reading.phase() != null) {
      return reading.phase();
    }
    String phase = swarm.phase();
    return phase != null ? phase : source.kind().word() + " version " + source.version();
  }

  private List<String> nextActions(
      Set<String> inProgress, Set<String> pending, Map<String, Long> returned) {
    List<String> actions = new ArrayList<>();
    if (!swarm.attached()) {
      actions.add("Attach swarm " + swarm.id() + " with its key");
    }
    if (!returned.isEmpty()) {
      actions.add("Allocate again what was returned: " + amounts(returned));
    }
    if (agents() > 0) {
      actions.add("Restart " + agents() + " agents");
    }
    if (!inProgress.isEmpty()) {
      actions.add("Go on with " + named(inProgress));
    }
    if (!pending.isEmpty()) {
      actions.add("Ask for tasks; these wait: " + named(pending));
    }
    if (inProgress.isEmpty() && pending.isEmpty()) {
      actions.add("Load the state and go on from " + resumeFrom());
    }
    return actions;
  }

  private static String amounts(Map<String, Long> resources) {
    return named(
        resources.entrySet().stream().map(one -> one.getValue() + " " + one.getKey()).toList());
  }

  private static String named(Collection<String> ids) {
    String some = String.join(", ", ids.stream().limit(MOST_NAMED).toList());
    int more = ids.size() - MOST_NAMED;
    return more > 0 ? some + " and " + more + " more" : some;
  }

  private @Nullable Duration estimate(int left) {
    Duration mean = ledger.meanDuration();
    return mean == null ? null : mean.multipliedBy(left);
  }

  /** What is in the ledger is defined, or it would not be there. */
  private double completeness() {
    Double listed = reading.completeness();
    if (listed != null) {
      return listed;
    }
    return ledger.isEmpty() ? 0 : 1;
  }

  private int agents() {
    return Math.max(swarm.agents().elements().size(), reading.agents());
  }

  /** Notes in {@code told} what it takes from the state: a task is in one place. */
  private static Set<String> united(List<String> ledger, List<String> state, Set<String> told) {
    Set<String> all = new LinkedHashSet<>(ledger);
    state.stream().filter(told::add).forEach(all::add);
    return all;
  }
}
