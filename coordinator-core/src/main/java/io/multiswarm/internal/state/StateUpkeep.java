package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.node.Staggering;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps what living swarms saved from expiring, and removes what ended ones left.
 *
 * <p>Each quarter of the TTL it is renewed, and that of a swarm's copies too: a checkpoint of a
 * swarm that works for weeks is there when it is needed. Each heartbeat has the swarms whose {@link
 * Staggering turn} it is, so that ten thousand idle ones cost a few commands a second, and those
 * that were attached here meanwhile. What is missed, because a node died or nobody held the swarm,
 * {@link StateLeftovers} removes.
 */
final class StateUpkeep {

  private static final Logger log = LoggerFactory.getLogger(StateUpkeep.class);

  /** A swarm has at most 24 keys here. */
  private static final int SWARMS_A_CALL = 40;

  private static final int BEATS_PER_TTL = 3;
  private static final int RENEWALS_PER_TTL = 4;

  private final StateCalls calls;
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();

  StateUpkeep(StateCalls calls) {
    this.calls = calls;
  }

  /** Goes on for ever, whatever fails; emits nothing. */
  Mono<Void> run() {
    Staggering turns =
        Staggering.of(calls.ttl().dividedBy(RENEWALS_PER_TTL), interval(), Integer.MAX_VALUE);
    return Flux.interval(interval(), calls.context().scheduler())
        .onBackpressureDrop()
        .concatMap(tick -> round(swarmId -> turns.isIn(tick, swarmId)), 0)
        .then();
  }

  /** It may have been long without renewal elsewhere; what is new here has nothing to renew. */
  void attached(AttachedSwarms.Held held) {
    if (!held.isNew()) {
      arrived.add(held.swarmId());
    }
  }

  private Duration interval() {
    Duration heartbeat = calls.context().options().liveness().heartbeatInterval();
    Duration longest = calls.ttl().dividedBy(BEATS_PER_TTL);
    return heartbeat.compareTo(longest) < 0 ? heartbeat : longest;
  }

  /** Renews the held swarms whose turn it is, and those that have arrived. */
  Mono<Void> round(Predicate<String> turn) {
    return Flux.fromIterable(calls.context().holdings().all())
        .map(AttachedSwarms.Held::swarmId)
        .filter(swarmId -> arrived.remove(swarmId) || turn.test(swarmId))
        .buffer(SWARMS_A_CALL)
        .concatMap(this::renew)
        .then()
        .onErrorResume(
            error -> {
              PassingFailures.tell(log, "States were not renewed and will be next time", error);
              return Mono.empty();
            });
  }

  private Mono<Void> renew(List<String> swarmIds) {
    return Flux.fromIterable(swarmIds)
        .flatMapSequential(this::keys)
        .collectList()
        .flatMap(
            all -> {
              ScriptCall call =
                  ScriptCall.of(Script.STATE_RENEW).arg(calls.ttl()).arg(swarmIds.size());
              swarmIds.forEach(swarmId -> call.key(calls.meta(swarmId)));
              all.forEach(call::keys);
              return calls.context().link().run(call);
            })
        .then();
  }

  /** Removes all of a swarm that is not registered any more. */
  Mono<Void> clear(String swarmId) {
    return keys(swarmId)
        .flatMap(
            keys ->
                calls
                    .context()
                    .link()
                    .run(
                        ScriptCall.of(Script.STATE_CLEAR)
                            .key(calls.keys().roster())
                            .key(calls.keys().stateStatistics())
                            .key(calls.keys().stateWeights())
                            .keys(keys)
                            .key(calls.meta(swarmId))
                            .arg(swarmId)))
        .then()
        .onErrorResume(
            error -> {
              log.info("What swarm {} saved is not removed yet: {}", swarmId, error.toString());
              return Mono.empty();
            });
  }

  /** The state, the indexes and the copies they name; not the meta, which lives twice as long. */
  private Mono<List<String>> keys(String swarmId) {
    return Flux.just(CopyKind.values())
        .flatMapSequential(kind -> copyKeys(kind, swarmId))
        .reduce(
            new ArrayList<>(List.of(calls.keys().state(swarmId))),
            (all, some) -> {
              all.addAll(some);
              return all;
            })
        .map(List::copyOf);
  }

  private Mono<List<String>> copyKeys(CopyKind kind, String swarmId) {
    String index = kind.index(calls.keys(), swarmId);
    return readKeys(kind, swarmId, index)
        .onErrorResume(
            error -> !CoordinationException.is(error, ErrorCode.UNAVAILABLE),
            error -> {
              String name = "the %ss of swarm %s".formatted(kind.word(), swarmId);
              calls.context().unreadable().met(name, error.toString());
              return Mono.just(List.of(index));
            });
  }

  private Mono<List<String>> readKeys(CopyKind kind, String swarmId, String index) {
    return calls
        .context()
        .link()
        .reads()
        .textHash(index)
        .map(
            entries ->
                Stream.concat(
                        Stream.of(index),
                        entries.keySet().stream()
                            .filter(field -> !field.startsWith("#"))
                            .map(id -> kind.key(calls.keys(), swarmId, id)))
                    .toList());
  }
}
