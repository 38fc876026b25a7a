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

  /**
   * One node of the fleet.
   *
   * @param isLeader whether it leads, by its own clock
   * @param heldSwarms attached to it
   * @param tasksDistributed by all leaders of the fleet
   * @param messenger what it did since it started
   * @param unreadableRecords how often it passed over a record in Redis that it could not read
   */
  public record CoordinatorStatistics(
      String node,
      boolean isLeader,
      int heldSwarms,
      long tasksDistributed,
      MessagingStatistics messenger,
      long unreadableRecords) {}
}
