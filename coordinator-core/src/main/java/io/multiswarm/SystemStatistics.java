package io.multiswarm;

import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.health.NodeHealth;
import io.multiswarm.messaging.MessagingStatistics;
import io.multiswarm.registry.RegistryStatistics;
import io.multiswarm.resources.ResourceStatistics;
import io.multiswarm.state.StateStatistics;
import io.multiswarm.tasks.TaskStatistics;
import java.util.List;

/**
 * The whole system as one node sees it: counts of the fleet from Redis, and what this node did.
 *
 * @param node the node that tells
 * @param health of the node that tells
 * @param heldSwarms attached to this node
 * @param coordinator the node that tells, under the names of the design document
 * @param coordinators the same as a list; other nodes are asked by who connects to them
 */
public record SystemStatistics(
    String node,
    RegistryStatistics registry,
    TaskStatistics tasks,
    StateStatistics state,
    ResourceStatistics resources,
    MessagingStatistics messenger,
    ElectionStatistics leader,
    NodeHealth health,
    int heldSwarms,
    CoordinatorStatistics coordinator,
    List<CoordinatorStatistics> coordinators) {

  public SystemStatistics {
    coordinators = List.copyOf(coordinators);
  }
}
