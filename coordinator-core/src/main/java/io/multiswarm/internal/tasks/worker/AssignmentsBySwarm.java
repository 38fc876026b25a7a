package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The desks of the swarms that are attached to this node and have to do with tasks. */
final class AssignmentsBySwarm implements AttachedSwarms.Listener {

  private final AttachedSwarms holdings;
  private final BodiesAtHand bodies = new BodiesAtHand();
  private final Map<String, AssignmentsInFlight> bySwarm = new ConcurrentHashMap<>();

  AssignmentsBySwarm(NodeContext context) {
    this.holdings = context.holdings();
    holdings.listen(this);
  }

  /** The desk of an attachment; {@code FENCED} when the swarm is not held here by it. */
  AssignmentsInFlight of(Ownership owner) {
    AssignmentsInFlight desk =
        bySwarm.compute(owner.swarmId(), (id, present) -> current(owner, present));
    if (desk == null || !desk.owner().equals(owner)) {
      throw TaskRefusals.notHeld(owner.swarmId());
    }
    return desk;
  }

  /** Kept only while the swarm is held: what {@link #lost} will remove. */
  private @Nullable AssignmentsInFlight current(
      Ownership owner, @Nullable AssignmentsInFlight present) {
    Ownership holding = holdings.find(owner.swarmId()).map(Held::ownership).orElse(null);
    if (holding == null) {
      return null;
    }
    return present != null && present.owner().equals(holding)
        ? present
        : new AssignmentsInFlight(holding, bodies);
  }

  /** The desk for a signal to an attachment; empty when that is over or unknown. */
  Optional<AssignmentsInFlight> find(String swarmId, long incarnation) {
    AssignmentsInFlight desk =
        bySwarm.compute(
            swarmId, (id, present) -> current(Ownership.administrator(swarmId), present));
    return Optional.ofNullable(desk).filter(found -> found.owner().incarnation() == incarnation);
  }

  Optional<AssignmentsInFlight> find(Ownership owner) {
    return Optional.ofNullable(bySwarm.get(owner.swarmId()))
        .filter(desk -> desk.owner().equals(owner));
  }

  /** A live view. */
  Collection<AssignmentsInFlight> all() {
    return bySwarm.values();
  }

  @Override
  public void attached(Held held) {
    AssignmentsInFlight former = bySwarm.get(held.swarmId());
    if (former != null
        && former.owner().incarnation() < held.ownership().incarnation()
        && bySwarm.remove(held.swarmId(), former)) {
      former.close();
    }
  }

  @Override
  public void lost(Held held, String reason) {
    AssignmentsInFlight desk = bySwarm.get(held.swarmId());
    if (desk != null
        && desk.owner().incarnation() <= held.ownership().incarnation()
        && bySwarm.remove(held.swarmId(), desk)) {
      desk.close();
    }
  }

  void close() {
    holdings.unlisten(this);
    bySwarm.values().forEach(AssignmentsInFlight::close);
    bySwarm.clear();
  }
}
