package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.methods.ChannelMethods;
import io.multiswarm.server.methods.ConflictMethods;
import io.multiswarm.server.methods.LeaderMethods;
import io.multiswarm.server.methods.MessageMethods;
import io.multiswarm.server.methods.NodeMethods;
import io.multiswarm.server.methods.RecoveryMethods;
import io.multiswarm.server.methods.ResourceMethods;
import io.multiswarm.server.methods.SessionMethods;
import io.multiswarm.server.methods.StateMethods;
import io.multiswarm.server.methods.StatsMethods;
import io.multiswarm.server.methods.SwarmMethods;
import io.multiswarm.server.methods.TaskInsightMethods;
import io.multiswarm.server.methods.TaskMethods;
import io.multiswarm.server.methods.TaskSearchMethods;
import io.multiswarm.server.methods.WorkMethods;
import io.multiswarm.server.session.CallMeter;
import io.multiswarm.server.session.Fleet;
import io.multiswarm.server.session.Holders;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.SessionDirectory;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One fleet of this process: its node, and what sessions find there. */
final class ServedFleet {

  private final FleetNode node;
  private final RegistryCustody custody;
  private final Holders holders = new Holders();
  private final Fleet fleet;

  /**
   * @param session methods that are the same in every fleet
   * @param meter told of all calls
   */
  ServedFleet(FleetNode node, SessionMethods session, CallMeter meter, Scheduler scheduler) {
    MultiSwarmCoordination coordination = node.coordination();
    this.node = node;
    this.custody = new RegistryCustody(coordination.registry());
    MethodTable methods =
        MethodTable.of(
                methods(coordination, session, scheduler),
                Rights.ofTheProtocol(),
                TaskMethods.owners(coordination.tasks()))
            .meteredBy(meter);
    this.fleet = new Fleet(node.fleet(), coordination.nodeId(), methods, custody, holders);
  }

  /** Every method that there is; a new group is named here. */
  private static List<MethodTable.Group> methods(
      MultiSwarmCoordination coordination, SessionMethods session, Scheduler scheduler) {
    WorkMethods work = new WorkMethods(coordination.workers());
    return List.of(
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
  }

  /** Tells the fleet of this node, and sessions of what becomes of their swarms, until disposed. */
  Disposable listen(String version, SessionDirectory sessions) {
    MultiSwarmCoordination coordination = coordination();
    coordination.nodes().describe(version, () -> sessions.sizeOf(holders));
    return Disposables.composite(
        coordination.onLost(lost -> holders.lost(lost.ownership(), lost.detail())),
        ConflictMethods.askVoters(coordination.conflicts(), holders));
  }

  FleetNode node() {
    return node;
  }

  MultiSwarmCoordination coordination() {
    return node.coordination();
  }

  Fleet fleet() {
    return fleet;
  }

  /** Hands leadership over; what Redis cannot be told is left to the lease. */
  Mono<Void> resign() {
    return Mono.defer(coordination().election()::resign).onErrorComplete();
  }

  /** Completes when what was let go before is written, or has failed. To be called once. */
  Mono<Void> settled() {
    return Mono.defer(custody::settled);
  }
}
