package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.registry.SwarmRegistry.Departure;
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

  private static final int DETACH_BATCH = 40;
  private static final int INTERRUPT_BATCH = 20;

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
    ScriptCall call = detach(context.nodeId(), Departure.LOST.reason(), "", "");
    batch.forEach(one -> add(call, one.held()));
    return call;
  }

  /**
   * @param lease of a node, when this one is given up for dead, with the token of who does
   */
  private ScriptCall detach(String nodeId, String reason, String lease, String token) {
    Duration grace = context.options().liveness().sessionGrace();
    return ScriptCall.of(Script.SWARM_DETACH)
        .keys(keys.common())
        .key(context.keys().upkeep())
        .arg(nodeId)
        .arg(grace)
        .arg(lease)
        .arg(reason)
        .arg(token);
  }

  private ScriptCall interrupt(List<Leaving> batch) {
    ScriptCall call = interruption(Departure.GOODBYE.reason(), context.nodeId(), "");
    batch.forEach(one -> add(call, one.held()));
    return call;
  }

  private ScriptCall interruption(String reason, String leavingNode, String token) {
    return context
        .appending(Script.SWARM_INTERRUPT)
        .keys(keys.common())
        .key(context.keys().upkeep())
        .keys(context.keys().vacancy())
        .arg(context.options().swarmTtl())
        .arg(reason)
        .arg(context.keys().signals())
        .arg(leavingNode)
        .arg(token);
  }

  private void add(ScriptCall call, Ownership held) {
    call.keys(keys.swarm(held.swarmId())).arg(held.swarmId()).arg(held.incarnation());
  }

  /** Interrupts those whose grace is over. */
  public Mono<Void> interrupt(Collection<String> swarmIds, UpkeepTerm term) {
    String token = Long.toString(term.token());
    return Flux.fromIterable(swarmIds)
        .buffer(INTERRUPT_BATCH)
        .concatMap(
            batch -> {
              ScriptCall call = interruption(Departure.LOST.reason(), "", token);
              batch.forEach(id -> call.keys(keys.swarm(id)).arg(id).arg(""));
              return context.link().run(call).flatMap(term::unlessFenced);
            })
        .then();
  }

  /**
   * Detaches what a dead node held. False when it turned out to live, or when its lease is not over
   * any more; then nothing further of it is touched.
   */
  Mono<Boolean> detachDead(String nodeId, List<Ownership> held, UpkeepTerm term) {
    String lease = Long.toString(context.options().liveness().nodeLease().toMillis());
    String token = Long.toString(term.token());
    return Flux.fromIterable(held)
        .buffer(DETACH_BATCH)
        .concatMap(
            batch -> {
              ScriptCall call = detach(nodeId, "node lost", lease, token);
              batch.forEach(owner -> add(call, owner));
              return context.link().run(call).flatMap(term::unlessFenced);
            })
        .all(reply -> reply.isOk());
  }
}
