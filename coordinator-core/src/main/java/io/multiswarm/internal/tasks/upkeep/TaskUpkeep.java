package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.queue.TaskReader;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskTransitions;

/**
 * Keeps tasks up, whoever submitted them and whoever has them: brings back what the dead held, and
 * adds the duties that look for what is due to those of the node that keeps the fleet up. Registers
 * its handlers of signals when made.
 */
public final class TaskUpkeep {

  private final NodeContext context;
  private final TaskKeys keys;
  private final TaskReclaimer reclaimer;

  public TaskUpkeep(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.reclaimer = new TaskReclaimer(context, keys);
  }

  /** Adds the duties, some of which are told when to look. */
  public void addTo(Duties<UpkeepTerm> upkeep, TaskReader reader, TaskTransitions moves) {
    upkeep.add(new DeadTasks(context, reader, moves));
    LeaseDuty leases = new LeaseDuty(context, keys);
    DelayDuty delays = new DelayDuty(context, keys);
    moves.listen(leases);
    moves.listen(delays);
    upkeep.add(leases);
    upkeep.add(delays);
    upkeep.add(new RetentionDuty(context, keys));
    upkeep.add(new OrphanDuty(context, reclaimer));
  }

  public void close() {
    reclaimer.close();
  }
}
