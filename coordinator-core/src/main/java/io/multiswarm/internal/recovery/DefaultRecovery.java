package io.multiswarm.internal.recovery;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.registry.SwarmLifecycle;
import io.multiswarm.internal.state.StateSources;
import io.multiswarm.recovery.Recovery;
import io.multiswarm.recovery.RecoveryOptions;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmStatus;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Recovery by hand; and the {@link #duty} that recovers by itself. */
public final class DefaultRecovery implements Recovery {

  private static final int AT_ONCE = 8;

  private final NodeContext context;
  private final SwarmRegistry registry;
  private final SwarmLifecycle lifecycle;
  private final RecoveryFacts facts;
  private final Recoverer recoverer;
  private final RecoveryLog log;

  public DefaultRecovery(
      NodeContext context,
      SwarmRegistry registry,
      SwarmLifecycle lifecycle,
      StateSources sources,
      RecoveryFacts facts) {
    this.context = context;
    this.registry = registry;
    this.lifecycle = lifecycle;
    this.facts = facts;
    this.recoverer = new Recoverer(context, sources, facts);
    this.log = new RecoveryLog(context);
  }

  /** Recovers what is found interrupted. */
  public Duty.Periodic<UpkeepTerm> duty(RecoveryOptions options) {
    return new AutomaticRecovery(context, registry, facts, recoverer, log, options);
  }

  @Override
  public Mono<List<Swarm>> discoverInterruptedSwarms() {
    return registry.interrupted();
  }

  @Override
  public Mono<RecoveryResult> recoverSwarm(Ownership owner) {
    return facts.tasks(List.of(owner.swarmId())).flatMap(tasks -> recover(owner, tasks));
  }

  @Override
  public Flux<RecoveryResult> recoverAllInterrupted() {
    return registry
        .interrupted()
        .map(swarms -> swarms.stream().map(Swarm::id).toList())
        .flatMapMany(
            ids ->
                facts
                    .tasks(ids)
                    .flatMapMany(
                        tasks -> Flux.fromIterable(ids).flatMap(id -> one(id, tasks), AT_ONCE)));
  }

  private Mono<RecoveryResult> one(String swarmId, Map<String, TaskFacts> tasks) {
    return recover(Ownership.administrator(swarmId), tasks)
        .onErrorResume(
            error ->
                CoordinationException.is(error, ErrorCode.NOT_FOUND)
                    || CoordinationException.is(error, ErrorCode.FAILED_PRECONDITION),
            gone -> Mono.empty())
        .onErrorResume(
            error -> !CoordinationException.is(error, ErrorCode.UNAVAILABLE),
            error -> {
              context.unreadable().met("what swarm " + swarmId + " saved", error.toString());
              return Mono.empty();
            });
  }

  private Mono<RecoveryResult> recover(Ownership owner, Map<String, TaskFacts> tasks) {
    return registry
        .get(owner.swarmId())
        .doOnNext(DefaultRecovery::refuseEnded)
        .flatMap(
            swarm ->
                recoverer
                    .recover(swarm, owner, tasks.getOrDefault(swarm.id(), TaskFacts.NONE))
                    .flatMap(outcome -> enter(swarm, owner, outcome)));
  }

  private Mono<RecoveryResult> enter(Swarm swarm, Ownership owner, Recoverer.Outcome outcome) {
    RecoveryResult result = outcome.result();
    boolean begins = result.success() && swarm.status() == SwarmStatus.INTERRUPTED;
    RecoveryLog.Proof proof = new RecoveryLog.Proof(owner.incarnation(), null);
    return (begins ? begin(swarm) : Mono.<Void>empty())
        .then(log.record(result, proof, outcome.damaged()))
        .thenReturn(result);
  }

  /** By the incarnation of the interruption: a swarm that was attached meanwhile stays active. */
  private Mono<Void> begin(Swarm interrupted) {
    return lifecycle
        .beginRecovery(new Ownership(interrupted.id(), interrupted.incarnation()))
        .onErrorResume(
            error -> CoordinationException.is(error, ErrorCode.FENCED), attached -> Mono.empty())
        .then();
  }

  private static void refuseEnded(Swarm swarm) {
    if (swarm.status().isFinal()) {
      throw CoordinationException.of(
          ErrorCode.FAILED_PRECONDITION,
          "swarm: %s is %s; what has ended cannot be recovered",
          swarm.id(),
          swarm.status().word());
    }
  }
}
