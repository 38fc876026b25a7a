package io.multiswarm.internal.recovery;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.recovery.RecoveryLog.Candidate;
import io.multiswarm.internal.recovery.RecoveryLog.Due;
import io.multiswarm.recovery.Recovery;
import io.multiswarm.recovery.RecoveryOptions;
import io.multiswarm.registry.SwarmRegistry;
import io.multiswarm.registry.SwarmStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Recovers interrupted swarms while this node keeps the fleet up, each interruption once: the
 * record of it is written with the token of the upkeep and refused when there is one already. What
 * is written carries the incarnation of the interruption, so that whoever attaches the swarm
 * meanwhile is not disturbed.
 *
 * <p>The status stays interrupted, see {@link Recovery}. A swarm that has nothing to be recovered
 * from stays so too, for its patience, in which its owner may attach it and go on with what it
 * knows itself; then it has failed.
 *
 * <p>What was looked at is remembered, so that swarms that nobody comes back for cost next to
 * nothing; the memory is not needed and is forgotten at times, because an interruption that follows
 * another at once is not seen otherwise.
 *
 * <p><b>Concurrency.</b> The runs of a duty do not overlap.
 */
final class AutomaticRecovery implements Duty.Periodic<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(AutomaticRecovery.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration MEMORY = Duration.ofSeconds(5);
  private static final int BATCH = 100;
  private static final int AT_ONCE = 8;

  private final NodeContext context;
  private final SwarmRegistry registry;
  private final RecoveryFacts facts;
  private final Recoverer recoverer;
  private final RecoveryLog recoveries;
  private final Duration patience;

  /** Swarm id to when it was looked at, in ms of the scheduler. */
  private final Map<String, Long> seen = new HashMap<>();

  AutomaticRecovery(
      NodeContext context,
      SwarmRegistry registry,
      RecoveryFacts facts,
      Recoverer recoverer,
      RecoveryLog recoveries,
      RecoveryOptions options) {
    this.context = context;
    this.registry = registry;
    this.facts = facts;
    this.recoverer = recoverer;
    this.recoveries = recoveries;
    this.patience = options.patience(context.options().swarmTtl());
  }

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return context
        .link()
        .reads()
        .setMembers(context.keys().status(SwarmStatus.INTERRUPTED.word()))
        .flatMapIterable(this::unseen)
        .buffer(BATCH)
        .concatMap(ids -> look(ids, term), 1)
        .then();
  }

  private List<String> unseen(Set<String> interrupted) {
    long oldest = now() - MEMORY.toMillis();
    seen.entrySet().removeIf(one -> one.getValue() < oldest || !interrupted.contains(one.getKey()));
    return interrupted.stream().filter(id -> !seen.containsKey(id)).toList();
  }

  private Mono<Void> look(List<String> ids, UpkeepTerm term) {
    return recoveries
        .due(ids, patience)
        .flatMap(
            candidates -> {
              ids.forEach(id -> seen.put(id, now()));
              return act(
                  candidates.stream().filter(one -> one.due() != Due.NOTHING).toList(), term);
            });
  }

  private Mono<Void> act(List<Candidate> due, UpkeepTerm term) {
    if (due.isEmpty()) {
      return Mono.empty();
    }
    return facts
        .tasks(due.stream().map(Candidate::swarmId).toList())
        .flatMapMany(
            tasks -> Flux.fromIterable(due).flatMap(one -> attempted(one, tasks, term), AT_ONCE))
        .then();
  }

  private Mono<Void> attempted(Candidate one, Map<String, TaskFacts> tasks, UpkeepTerm term) {
    Mono<Void> action =
        one.due() == Due.FAIL ? recoveries.giveUp(one, term, patience) : recover(one, tasks, term);
    return action.onErrorResume(
        AutomaticRecovery::concernsOne,
        error -> {
          if (isOvertaken(error)) {
            log.info("Swarm {} was not recovered: {}", one.swarmId(), error.getMessage());
          } else {
            context.unreadable().met("what swarm " + one.swarmId() + " saved", error.toString());
          }
          return Mono.empty();
        });
  }

  /** The end of Redis or of the leadership ends this run; the rest is for the next. */
  private static boolean concernsOne(Throwable error) {
    return !CoordinationException.is(error, ErrorCode.UNAVAILABLE)
        && !CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED)
        && !CoordinationException.is(error, ErrorCode.FENCED);
  }

  /** It was attached, changed or ended meanwhile. */
  private static boolean isOvertaken(Throwable error) {
    return CoordinationException.is(error, ErrorCode.NOT_FOUND)
        || CoordinationException.is(error, ErrorCode.CONFLICT)
        || CoordinationException.is(error, ErrorCode.FAILED_PRECONDITION);
  }

  private Mono<Void> recover(Candidate one, Map<String, TaskFacts> tasks, UpkeepTerm term) {
    Ownership interrupted = new Ownership(one.swarmId(), one.incarnation());
    RecoveryLog.Proof proof = new RecoveryLog.Proof(one.incarnation(), term);
    return registry
        .get(one.swarmId())
        .flatMap(
            swarm ->
                recoverer
                    .recover(swarm, interrupted, tasks.getOrDefault(one.swarmId(), TaskFacts.NONE))
                    // Attached meanwhile; it is not the upkeep that was refused.
                    .onErrorComplete(error -> CoordinationException.is(error, ErrorCode.FENCED)))
        .flatMap(outcome -> recoveries.record(outcome.result(), proof, outcome.damaged()))
        .then();
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }
}
