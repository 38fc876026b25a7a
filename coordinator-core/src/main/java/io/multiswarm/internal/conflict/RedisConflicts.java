package io.multiswarm.internal.conflict;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.conflict.VoteRequest;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.SwarmRegistry;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Conflicts in Redis: looks the contestants up, opens, and waits for the decision. */
final class RedisConflicts implements Conflicts {

  /** Where the parts of the electorate begin and end. */
  private static final String FIRST = "0";

  /** An unknown age is the latest. */
  private static final long LATEST = (1L << 53) - 1;

  private final NodeContext context;
  private final ConflictKeys keys;
  private final SwarmRegistry registry;
  private final ConflictOptions options;
  private final Ballots ballots;
  private final Polls polls;
  private final VoteWaiters endings;

  RedisConflicts(NodeContext context, SwarmRegistry registry, ConflictOptions options) {
    this.context = context;
    this.keys = new ConflictKeys(context.keys());
    this.registry = registry;
    this.options = options;
    this.ballots = new Ballots(context, keys);
    this.polls = new Polls(context, keys);
    this.endings = new VoteWaiters(context, keys);
  }

  @Override
  public Mono<Resolution> resolve(Conflict conflict) {
    return Mono.zip(known(conflict.swarmA()), known(conflict.swarmB()))
        .flatMap(both -> open(conflict, both.getT1(), both.getT2()))
        .onErrorResume(
            error -> CoordinationException.is(error, ErrorCode.NOT_FOUND),
            gone -> opened(conflict.id()).switchIfEmpty(Mono.error(gone)))
        .doOnNext(standing -> demandSame(standing, conflict))
        .flatMap(standing -> standing.isOpen() ? decision(conflict.id()) : Mono.just(standing))
        .map(standing -> resolution(conflict.id(), standing));
  }

  /** What counts of a contestant: the registry's word, or else its own. */
  private Mono<Contestant> known(Contestant contestant) {
    return registry
        .get(contestant.id())
        .map(
            swarm ->
                Contestant.described(
                    swarm.id(), swarm.priority(), swarm.createdAt().toEpochMilli()))
        .onErrorResume(
            error -> contestant.described() && CoordinationException.is(error, ErrorCode.NOT_FOUND),
            error -> Mono.just(contestant));
  }

  private Mono<Standing> open(Conflict conflict, Contestant a, Contestant b) {
    ConflictStrategy strategy = Objects.requireNonNullElse(conflict.strategy(), options.strategy());
    Duration timeout = Objects.requireNonNullElse(conflict.vote().timeout(), options.voteTimeout());
    ScriptCall call =
        context
            .appending(Script.CONFLICT_OPEN)
            .keys(keys.of(conflict.id()))
            .key(context.keys().roster())
            .arg(conflict.id())
            .arg(Json.quote(conflict.type()));
    contestant(call, a);
    contestant(call, b);
    call.arg(strategy.word()).arg(timeout).arg(conflict.vote().quorum());
    conflict.vote().electorate().forEach(call::arg);
    boolean all = strategy == ConflictStrategy.VOTING && conflict.vote().electorate().isEmpty();
    Mono<Standing> opening = context.link().run(call).map(Standing::from);
    return all ? askAll(conflict.id()).then(opening) : opening;
  }

  /** In parts, because all of a large fleet would keep Redis from everybody else for long. */
  private Mono<Void> askAll(String conflictId) {
    return askFrom(conflictId, FIRST)
        .expand(next -> next.equals(FIRST) ? Mono.empty() : askFrom(conflictId, next))
        .then();
  }

  private Mono<String> askFrom(String conflictId, String part) {
    ScriptCall call =
        ScriptCall.of(Script.CONFLICT_ELECTORATE)
            .key(keys.conflict(conflictId))
            .key(keys.electorate(conflictId))
            .key(context.keys().roster())
            .arg(part);
    return context.link().run(call).map(ScriptReply::onlyText);
  }

  /** How a conflict stands whose contestant is gone; empty when it was never opened. */
  private Mono<Standing> opened(String conflictId) {
    return decide(conflictId).filter(Standing::isKnown);
  }

  private static void contestant(ScriptCall call, Contestant contestant) {
    long since = Objects.requireNonNullElse(contestant.createdAt(), LATEST);
    call.arg(contestant.id()).arg(contestant.priority().ordinal()).arg(since);
  }

  private Mono<Standing> decision(String conflictId) {
    return endings.end(conflictId, decide(conflictId));
  }

  private Mono<Standing> decide(String conflictId) {
    ScriptCall call =
        context.appending(Script.CONFLICT_DECIDE).keys(keys.of(conflictId)).arg(conflictId);
    return context.link().run(call).map(Standing::from);
  }

  /** The id may be known from a conflict between others, or of another kind. */
  private static void demandSame(Standing standing, Conflict conflict) {
    if (!standing.isBetween(conflict.swarmA().id(), conflict.swarmB().id())) {
      throw CoordinationException.of(
              ErrorCode.FAILED_PRECONDITION,
              "conflictId: %s is that of another conflict, between %s and %s; give each its own",
              conflict.id(),
              standing.a(),
              standing.b())
          .with("conflictId", conflict.id());
    }
  }

  private static Resolution resolution(String conflictId, Standing standing) {
    Standing.Verdict verdict = standing.verdict();
    if (verdict == null) {
      throw CoordinationException.of(
          ErrorCode.NOT_FOUND, "conflict: %s is no longer known", conflictId);
    }
    return new Resolution(
        conflictId,
        verdict.winner(),
        verdict.loser(),
        verdict.strategy(),
        verdict.reason(),
        verdict.votes());
  }

  @Override
  public Mono<Void> vote(Ownership voter, String conflictId, String choice) {
    return ballots.cast(voter, conflictId, choice);
  }

  @Override
  public Flux<VoteRequest> voteRequests() {
    return polls.requests();
  }
}
