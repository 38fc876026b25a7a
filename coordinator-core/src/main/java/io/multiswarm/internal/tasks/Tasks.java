package io.multiswarm.internal.tasks;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.distribution.Assigner;
import io.multiswarm.internal.tasks.distribution.Distributor;
import io.multiswarm.internal.tasks.distribution.LargeAssignments;
import io.multiswarm.internal.tasks.distribution.RedisFleetReader;
import io.multiswarm.internal.tasks.distribution.TaskExplainer;
import io.multiswarm.internal.tasks.distribution.Waits;
import io.multiswarm.internal.tasks.queue.CompletionWaiters;
import io.multiswarm.internal.tasks.queue.RedisTaskQueue;
import io.multiswarm.internal.tasks.queue.TaskReader;
import io.multiswarm.internal.tasks.queue.TaskTraces;
import io.multiswarm.internal.tasks.queue.Watchers;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.upkeep.TaskUpkeep;
import io.multiswarm.internal.tasks.worker.RedisTaskWorkers;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskWorkers;
import java.time.Duration;
import java.util.function.BiConsumer;
import reactor.util.context.Context;

/**
 * The tasks of one node: the queue and the workers at once, the distribution whenever the node
 * leads, the search for what is due whenever it keeps the fleet up. Registers its handlers of
 * signals when made, so make it before the signals are started.
 */
public final class Tasks implements AutoCloseable {

  private final TaskStrategies strategies;
  private final CompletionWaiters endings;
  private final TaskUpkeep upkeep;
  private final RedisTaskQueue queue;
  private final RedisTaskWorkers workers;
  private final TaskTraces traces;
  private final LargeAssignments largeAssignments;
  private final Waits waits = new Waits();

  /**
   * @param strategies those of this node; own ones may be registered later
   */
  public Tasks(
      NodeContext context,
      Duties<UpkeepTerm> keepingUp,
      Duties<Leader> duties,
      TaskStrategies strategies) {
    this.strategies = strategies;
    TaskKeys keys = new TaskKeys(context.keys());
    TaskReader reader = new TaskReader(context, keys);
    TaskTransitions moves = new TaskTransitions(context.signals());
    Watchers watchers = new Watchers();
    EndedTasks ended = new EndedTasks(context, keys);
    this.endings = new CompletionWaiters(reader, context.scheduler());
    this.upkeep = new TaskUpkeep(context, keys);
    this.queue =
        new RedisTaskQueue(
            context,
            keys,
            reader,
            new RedisTaskQueue.Following(endings, watchers, ended),
            strategies,
            new TaskExplainer(context, keys)::explain);
    this.workers = new RedisTaskWorkers(context, keys, reader, ended);
    this.largeAssignments = new LargeAssignments(context, keys);
    this.traces = new TaskTraces(context, keys);
    moves.listen(endings);
    moves.listen(watchers);
    Distributor distributor =
        new Distributor(
            context,
            new Assigner(context, keys, largeAssignments, waits),
            new RedisFleetReader(context),
            strategies);
    moves.listen(distributor);
    duties.add(distributor);
    upkeep.addTo(keepingUp, reader, moves);
  }

  public TaskQueue queue() {
    return queue;
  }

  public TaskWorkers workers() {
    return workers;
  }

  /** Runs with what is observed of an attempt around it. */
  public Context observed(Context context, Assignment given) {
    return workers.observed(context, given);
  }

  /** By which word attempts end that are made here, and how long they were. */
  public void listenToEnds(BiConsumer<String, Duration> listener) {
    workers.listenToEnds(listener);
  }

  /**
   * Which attempts this node assigns, the first or a later one, and how long their tasks waited.
   */
  public void listenToWaits(BiConsumer<String, Duration> listener) {
    waits.listen(listener);
  }

  public TaskTraces traces() {
    return traces;
  }

  public TaskStrategies strategies() {
    return strategies;
  }

  /** Ends what runs on this node; assignments stay and are taken over or returned. */
  @Override
  public void close() {
    workers.close();
    largeAssignments.close();
    upkeep.close();
    endings.close();
  }
}
