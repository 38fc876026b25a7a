package io.multiswarm.server.methods;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.session.Holders;
import io.multiswarm.server.session.MethodTable;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The methods of the protocol, for one fleet. */
public final class FleetMethods {

  private FleetMethods() {}

  /**
   * Every method that there is; a new group is named here.
   *
   * @param session methods that are the same in every fleet
   */
  public static MethodTable of(
      MultiSwarmCoordination coordination, SessionMethods session, Scheduler scheduler) {
    WorkMethods work = new WorkMethods(coordination.workers());
    List<MethodTable.Group> groups =
        List.of(
            session,
            new SwarmMethods(coordination.registry(), coordination.election(), work.leases()),
            new LeaderMethods(coordination.election()),
            new MessageMethods(coordination.messenger()),
            new ChannelMethods(coordination.channels(), coordination.registry()),
            new TaskMethods(coordination.tasks()),
            new TaskSearchMethods(coordination.tasks()),
            new TaskInsightMethods(coordination.tasks()),
            new NodeMethods(coordination.nodes()),
            new ResourceMethods(coordination.resources()),
            new ConflictMethods(coordination.conflicts()),
            work,
            new StateMethods(coordination.stateManager()),
            new RecoveryMethods(coordination.recovery()),
            new StatsMethods(coordination.getStatistics().map(Json::of), scheduler));
    return MethodTable.of(groups, Rights.ofTheProtocol(), TaskMethods.owners(coordination.tasks()));
  }

  /** Tells sessions of what the fleet asks of their swarms, until disposed. */
  public static Disposable notifications(MultiSwarmCoordination coordination, Holders holders) {
    return ConflictMethods.askVoters(coordination.conflicts(), holders);
  }
}
