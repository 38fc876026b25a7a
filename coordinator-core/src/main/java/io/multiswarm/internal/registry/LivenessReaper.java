package io.multiswarm.internal.registry;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepLease;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.DeadlineTimer;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds, by Redis's clock, the nodes that died, the swarms whose grace is over and those that
 * expired. Asks Redis once a period and at each deadline that it knows of, however many swarms
 * there are; no swarm has a timer. Each script that follows looks again whether what it changes is
 * still due.
 */
final class LivenessReaper implements Duty.Continuous<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(LivenessReaper.class);

  /** So that a deadline that nothing can be done about does not keep Redis busy. */
  private static final int MOST_ROUNDS = 50;

  private static final int EXPIRE_BATCH = 50;

  private final NodeContext context;
  private final RegistryKeys keys;
  private final DetachOutbox departures;
  private final NodeLease leases;
  private final CarriedSwarms carried;
  private final Duration period;

  /** On the scheduler's clock: when Redis is asked next. */
  private volatile Duration nextAt = Duration.ZERO;

  LivenessReaper(
      NodeContext context,
      RegistryKeys keys,
      DetachOutbox departures,
      NodeLease leases,
      CarriedSwarms carried) {
    this.context = context;
    this.keys = keys;
    this.departures = departures;
    this.leases = leases;
    this.carried = carried;
    this.period = UpkeepLease.period(context.options().liveness());
  }

  @Override
  public String name() {
    return "liveness";
  }

  @Override
  public Flux<?> perform(UpkeepTerm term) {
    return DeadlineTimer.repeat(context.scheduler(), period, () -> untilNothingIsDue(term))
        .doFinally(end -> nextAt = Duration.ZERO);
  }

  /** How late this node asks Redis for what is due, at the moment; zero where another does. */
  Duration lag() {
    Duration asked = nextAt;
    Duration late = now().minus(asked);
    return asked.isZero() || late.isNegative() ? Duration.ZERO : late;
  }

  /** A round finds a bounded number; where thousands are due, the next follows at once. */
  private Mono<Duration> untilNothingIsDue(UpkeepTerm term) {
    return Mono.defer(() -> sweep(term))
        .repeat(MOST_ROUNDS)
        .takeUntil(next -> !next.isZero())
        .last()
        .map(next -> next.isZero() ? period : next)
        .doOnNext(next -> nextAt = now().plus(next));
  }

  /** Zero when there was something to do. */
  private Mono<Duration> sweep(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.NODE_SWEEP)
            .key(context.keys().nodes())
            .key(context.keys().detached())
            .key(context.keys().heartbeats())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(context.options().swarmTtl());
    return context
        .link()
        .run(call)
        .flatMap(term::unlessFenced)
        .map(Due::from)
        .flatMap(due -> judge(due, term));
  }

  /**
   * What a sweep found.
   *
   * @param nextMs until the next deadline; none when it is negative
   * @param dead nodes
   * @param interrupted swarms whose grace is over
   * @param expired swarms
   */
  @ReplyOf(Script.NODE_SWEEP)
  private record Due(
      long nextMs, List<String> dead, List<String> interrupted, List<String> expired) {

    static Due from(ScriptReply reply) {
      return new Due(reply.number(1), reply.strings(2), reply.strings(3), reply.strings(4));
    }

    boolean isNothing() {
      return dead.isEmpty() && interrupted.isEmpty() && expired.isEmpty();
    }
  }

  private Mono<Duration> judge(Due due, UpkeepTerm term) {
    boolean soon = due.nextMs() > 0 && due.nextMs() < period.toMillis();
    Duration pause = soon ? Duration.ofMillis(due.nextMs()) : period;
    return Flux.fromIterable(due.dead())
        .filter(node -> !node.equals(context.nodeId())) // its own beat sees to it
        .concatMap(node -> bury(node, term))
        .then(departures.interrupt(due.interrupted(), term))
        .then(expire(due.expired(), term))
        .thenReturn(due.isNothing() ? pause : Duration.ZERO);
  }

  private Mono<Void> bury(String nodeId, UpkeepTerm term) {
    log.warn("Node {} gave no sign of life for its lease; its swarms are detached", nodeId);
    return detach(nodeId, carried.first(nodeId), term)
        .flatMap(dead -> dead ? leases.bury(nodeId, term) : Mono.empty());
  }

  private Mono<Boolean> detach(String nodeId, Mono<CarriedSwarms.Page> part, UpkeepTerm term) {
    return part.flatMap(
        page ->
            departures
                .detachDead(nodeId, page.swarms(), term)
                .flatMap(dead -> dead ? more(nodeId, page, term) : Mono.just(false)));
  }

  private Mono<Boolean> more(String nodeId, CarriedSwarms.Page page, UpkeepTerm term) {
    return page.isLast()
        ? Mono.just(true)
        : detach(nodeId, carried.page(nodeId, page.next()), term);
  }

  private Mono<Void> expire(List<String> swarmIds, UpkeepTerm term) {
    return Flux.fromIterable(swarmIds)
        .buffer(EXPIRE_BATCH)
        .concatMap(batch -> expireBatch(batch, term))
        .then();
  }

  private Mono<ScriptReply> expireBatch(List<String> swarmIds, UpkeepTerm term) {
    ScriptCall call =
        context
            .appending(Script.SWARM_EXPIRE)
            .keys(keys.common())
            .key(context.keys().upkeep())
            .key(context.keys().paused())
            .key(keys.creators())
            .arg(context.options().swarmTtl())
            .arg(context.keys().signals())
            .arg(RegistryKeys.ARCHIVE_TTL)
            .arg(term.token());
    swarmIds.forEach(id -> call.keys(keys.swarm(id)).key(keys.memo(id)).arg(id));
    return context.link().run(call).flatMap(term::unlessFenced);
  }

  private Duration now() {
    return Duration.ofMillis(context.scheduler().now(TimeUnit.MILLISECONDS));
  }
}
