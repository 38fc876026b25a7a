package io.multiswarm.load.baseline;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives pending tasks to the swarms in turn, never more than a swarm has asked for. Who has asked
 * is known here alone, and costs Redis nothing. Like other calls its are naturally batched. Safe
 * for several threads.
 */
final class BareAssigner {

  private final Batcher.Limits limits;
  private final Function<Map<Integer, Integer>, CompletionStage<Long>> call;
  private final Consumer<Throwable> failed;
  private final int[] credit;
  private final Queue<Integer> ready = new ArrayDeque<>();
  private long pending;
  private int inFlight;

  /**
   * @param call has so many tasks assigned to each swarm, and answers how many they were in all
   * @param failed told when a task could not be assigned
   */
  BareAssigner(
      Batcher.Limits limits,
      int swarms,
      Function<Map<Integer, Integer>, CompletionStage<Long>> call,
      Consumer<Throwable> failed) {
    this.limits = limits;
    this.credit = new int[swarms];
    this.call = call;
    this.failed = failed;
  }

  /** So many tasks are pending that were not before. */
  synchronized void pending(int more) {
    pending += more;
    dispatch();
  }

  /** A swarm is ready for {@code n} more tasks. */
  synchronized void requested(int swarm, int n) {
    if (credit[swarm] == 0) {
      ready.add(swarm);
    }
    credit[swarm] += n;
    dispatch();
  }

  private void dispatch() {
    while (inFlight < limits.inFlight() && pending > 0 && !ready.isEmpty()) {
      inFlight++;
      send(shares());
    }
  }

  private Map<Integer, Integer> shares() {
    Map<Integer, Integer> shares = new LinkedHashMap<>();
    for (int n = 0; n < limits.batch() && pending > 0 && !ready.isEmpty(); n++) {
      int swarm = ready.remove();
      shares.merge(swarm, 1, Integer::sum);
      pending--;
      if (--credit[swarm] > 0) {
        ready.add(swarm);
      }
    }
    return shares;
  }

  private void send(Map<Integer, Integer> shares) {
    long asked = shares.values().stream().mapToLong(Integer::longValue).sum();
    var unused = call.apply(shares).whenComplete((given, error) -> landed(asked, given, error));
  }

  /** Nobody else takes what is pending, so Redis has as much as was accepted. */
  private void landed(long asked, @Nullable Long given, @Nullable Throwable error) {
    if (error != null) {
      failed.accept(error);
    } else if (given == null || given != asked) {
      failed.accept(
          new IllegalStateException(
              "Of %d tasks that were accepted, Redis assigned %d".formatted(asked, given)));
    }
    synchronized (this) {
      inFlight--;
      dispatch();
    }
  }
}
