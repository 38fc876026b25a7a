package io.multiswarm.internal.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.conflict.VoteRequest;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.redis.RedisReads;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Finds the swarms of this node that are asked to vote: told by a signal, and read again after
 * signals may have been lost, and for swarms that were taken over while a vote is open.
 */
final class Polls {

  private static final Logger log = LoggerFactory.getLogger(Polls.class);
  private static final int A_CALL = 1_000;
  private static final int OPEN_AT_MOST = 1_000;

  /** Those who arrive meanwhile are looked up together. */
  private static final Duration ARRIVALS = Duration.ofMillis(20);

  private final NodeContext context;
  private final ConflictKeys keys;
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Sinks.Many<VoteRequest> requests = Sinks.many().multicast().directBestEffort();

  Polls(NodeContext context, ConflictKeys keys) {
    this.context = context;
    this.keys = keys;
    context.signals().on("conflict-vote", id -> begin(ask(id)));
    context.signals().onReset(() -> begin(askAll()));
    context
        .holdings()
        .listen(
            new AttachedSwarms.Listener() {
              @Override
              public void attached(Held held) {
                takenOver(held);
              }
            });
  }

  Flux<VoteRequest> requests() {
    return requests.asFlux();
  }

  private static void begin(Flux<VoteRequest> asked) {
    asked.subscribe(
        request -> {},
        error -> PassingFailures.tell(log, "Swarms could not be asked to vote", error));
  }

  /** A new swarm cannot have been asked. */
  private void takenOver(Held held) {
    if (held.isNew()) {
      return;
    }
    arrived.add(held.swarmId());
    if (looking.compareAndSet(false, true)) {
      begin(Mono.delay(ARRIVALS, context.scheduler()).thenMany(Flux.defer(this::askArrived)));
    }
  }

  private Flux<VoteRequest> askArrived() {
    // Before the look at who has arrived: who comes after it begins the next.
    looking.set(false);
    List<String> swarms = List.copyOf(arrived);
    swarms.forEach(arrived::remove);
    // While Redis is away nobody is asked, and everybody when it is back.
    return open()
        .concatMap(id -> ask(id, swarms))
        .onErrorComplete(error -> CoordinationException.is(error, ErrorCode.UNAVAILABLE));
  }

  private Flux<VoteRequest> askAll() {
    return context.holdings().size() == 0 ? Flux.empty() : open().concatMap(this::ask);
  }

  private Flux<String> open() {
    return context
        .link()
        .reads()
        .ascending(keys.open(), 0, Double.MAX_VALUE, OPEN_AT_MOST)
        .flatMapIterable(open -> open)
        .map(RedisReads.Scored::member);
  }

  private Flux<VoteRequest> ask(String conflictId) {
    return ask(conflictId, context.holdings().all().stream().map(Held::swarmId).toList());
  }

  private Flux<VoteRequest> ask(String conflictId, List<String> swarms) {
    return Flux.fromIterable(swarms)
        .buffer(A_CALL)
        .concatMap(some -> read(conflictId, some).map(asked -> asked.by(conflictId)))
        .onErrorResume(Polls::concernsOne, error -> passed(conflictId, error))
        .flatMapIterable(asked -> asked)
        // Emitted on the connection's thread alone. A subscriber without demand misses it, and
        // without any there is nobody to ask.
        .doOnNext(requests::tryEmitNext);
  }

  /** Of an outage there is no telling which conflict it concerns. */
  private static boolean concernsOne(Throwable error) {
    return !CoordinationException.is(error, ErrorCode.UNAVAILABLE);
  }

  private <T> Mono<T> passed(String conflictId, Throwable error) {
    context.unreadable().met("conflict " + conflictId, error.toString());
    return Mono.empty();
  }

  /** Empty when the vote has ended. */
  private Mono<Asked> read(String conflictId, List<String> swarms) {
    ScriptCall call =
        ScriptCall.of(Script.CONFLICT_ASKED)
            .key(keys.conflict(conflictId))
            .key(keys.electorate(conflictId));
    swarms.forEach(call::arg);
    return context.link().run(call).filter(reply -> reply.status().equals("OPEN")).map(Asked::from);
  }

  /** An open vote. */
  @ReplyOf(Script.CONFLICT_ASKED)
  private record Asked(Json type, String a, String b, Duration left, List<String> swarms) {

    static Asked from(ScriptReply reply) {
      return new Asked(
          Json.trusted(reply.bytes(1)),
          reply.string(2),
          reply.string(3),
          Duration.ofMillis(reply.number(4)),
          reply.strings(5));
    }

    List<VoteRequest> by(String conflictId) {
      String kind = type.text();
      return swarms.stream()
          .map(swarm -> new VoteRequest(conflictId, kind, a, b, left, swarm))
          .toList();
    }
  }
}
