package io.multiswarm.internal.conflict;

import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.duties.Duties;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.registry.SwarmRegistry;

/** Conflict resolution of one node; the search for votes that nobody waits for when it leads. */
public final class ConflictsNode {

  private final Conflicts conflicts;

  private ConflictsNode(Conflicts conflicts) {
    this.conflicts = conflicts;
  }

  /** Registers handlers of signals; call it before these are started. */
  public static ConflictsNode create(
      NodeContext context, SwarmRegistry registry, Duties<Leader> duties, ConflictOptions options) {
    duties.add(new OverdueDuty(context, new ConflictKeys(context.keys())));
    return new ConflictsNode(new RedisConflicts(context, registry, options));
  }

  public Conflicts conflicts() {
    return conflicts;
  }
}
