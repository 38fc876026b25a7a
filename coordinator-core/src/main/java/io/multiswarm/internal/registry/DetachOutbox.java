package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.registry.Departure;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Swarms that leave this node. What Redis could not be told yet is remembered, one entry a swarm,
 * and told by {@link #retry}: otherwise a swarm whose session ended during an outage would stay
 * attached to a living node for ever.
 */
public final class DetachOutbox {

  private static final int DETACH_BATCH = 100;
  private static final int INTERRUPT_BATCH = 50;

  private record Leaving(Ownership held, Departure departure) {}

  private final NodeContext context;
  private final RegistryKeys keys;
  private final Map<String, Leaving> untold = new ConcurrentHashMap<>();

  public DetachOutbox(NodeContext context, RegistryKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  /**
   * Lets go of the swarms; they have left the holdings when this returns, not when it completes.
   */
  Mono<Void> leave(Collection<Ownership> held, Departure departure) {
    return Mono.defer(
        () -> {
          List<Leaving> leaving =
              held.stream().map(owner -> new Leaving(owner, departure)).toList();
          leaving.forEach(this::note);
          return tell(leaving);
        });
  }

  private void note(Leaving one) {
    Ownership held = one.held();
    untold.put(held.swarmId(), one);
    context.holdings().remove(held.swarmId(), held.incarnation(), one.departure().reason());
  }

  /** After Redis gave a swarm back to us: somebody may have left it in the meantime. */
  void keepOrLeave(Held held) {
    if (!context.holdings().find(held.swarmId()).filter(held::equals).isPresent()) {
      untold.putIfAbsent(held.swarmId(), new Leaving(held.ownership(), Departure.LOST));
    }
  }

  /** Tells what could not be told before. */
  Mono<Void> retry() {
    return Mono.defer(() -> tell(List.copyOf(untold.values())));
  }

  private Mono<Void> tell(List<Leaving> leaving) {
    return Flux.concat(
            tell(leaving, Departure.LOST, DETACH_BATCH),
            tell(leaving, Departure.GOODBYE, INTERRUPT_BATCH))
        .then();
  }

  private Flux<Void> tell(List<Leaving> leaving, Departure departure, int size) {
    return Flux.fromIterable(leaving)
        .filter(one -> one.departure() == departure)
        .buffer(size)
        .concatMap(
            batch ->
                context
                    .link()
                    .run(departure == Departure.LOST ? detach(batch) : interrupt(batch))
                    .doOnNext(
                        told -> batch.forEach(one -> untold.remove(one.held().swarmId(), one)))
                    .then());
  }

  private ScriptCall detach(List<Leaving> batch) {
    ScriptCall call = detach(context.nodeId(), false, Departure.LOST.reason());
    batch.forEach(one -> add(call, one.held()));
    return call;
  }

  private ScriptCall detach(String nodeId, boolean dead, String reason) {
    Duration grace = context.options().liveness().sessionGrace();
    Duration lease = context.options().liveness().nodeLease();
    return ScriptCall.of(Script.SWARM_DETACH)
        .keys(keys.common())
        .arg(nodeId)
        .arg(grace)
        .arg(dead ? Long.toString(lease.toMillis()) : "")
        .arg(reason);
  }

  private ScriptCall interrupt(List<Leaving> batch) {
    ScriptCall call = interruption(Departure.GOODBYE.reason(), context.nodeId());
    batch.forEach(one -> add(call, one.held()));
    return call;
  }

  private ScriptCall interruption(String reason, String leavingNode) {
    return context
        .appending(Script.SWARM_INTERRUPT)
        .keys(keys.common())
        .arg(context.options().swarmTtl())
        .arg(reason)
        .arg(context.keys().signals())
        .arg(leavingNode);
  }

  private void add(ScriptCall call, Ownership held) {
    call.keys(keys.swarm(held.swarmId())).arg(held.swarmId()).arg(held.incarnation());
  }

  /** Interrupts those whose grace is over. */
  public Mono<Void> interrupt(Collection<String> swarmIds) {
    return Flux.fromIterable(swarmIds)
        .buffer(INTERRUPT_BATCH)
        .concatMap(
            batch -> {
              ScriptCall call = interruption(Departure.LOST.reason(), "");
              batch.forEach(id -> call.keys(keys.swarm(id)).arg(id).arg(""));
              return context.link().run(call);
            })
        .then();
  }

  /**
   * Detaches what a dead node held. False when it turned out to live, or when its lease is not over
   * any more; then nothing further of it is touched.
   */
  Mono<Boolean> detachDead(String nodeId, List<Ownership> held) {
    return Flux.fromIterable(held)
        .buffer(DETACH_BATCH)
        .concatMap(
            batch -> {
              ScriptCall call = detach(nodeId, true, "node lost");
              batch.forEach(owner -> add(call, owner));
              return context.link().run(call);
            })
        .all(reply -> reply.isOk());
  }
}
