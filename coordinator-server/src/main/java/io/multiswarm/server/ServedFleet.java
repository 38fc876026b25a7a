package io.multiswarm.server;

import io.multiswarm.MultiSwarmCoordination;
import io.multiswarm.server.methods.FleetMethods;
import io.multiswarm.server.methods.SessionMethods;
import io.multiswarm.server.session.CallMeter;
import io.multiswarm.server.session.Fleet;
import io.multiswarm.server.session.Holders;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.SessionDirectory;
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
    MethodTable methods = FleetMethods.of(coordination, session, scheduler).meteredBy(meter);
    this.fleet = new Fleet(node.fleet(), coordination.nodeId(), methods, custody, holders);
  }

  /** Tells the fleet of this node, and sessions of what becomes of their swarms, until disposed. */
  Disposable listen(String version, SessionDirectory sessions) {
    MultiSwarmCoordination coordination = coordination();
    coordination.nodes().describe(version, () -> sessions.sizeOf(holders));
    return Disposables.composite(
        coordination.onLost(lost -> holders.lost(lost.ownership(), lost.detail())),
        FleetMethods.notifications(coordination, holders));
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
