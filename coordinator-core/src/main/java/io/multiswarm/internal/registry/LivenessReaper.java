package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds, by Redis's clock, the nodes that died, the swarms whose grace is over and those that
 * expired. Asks Redis once a period and at each deadline that it knows of, however many swarms
 * there are; no swarm has a timer.
 *
 * <p>One node sweeps: the leader, or whoever swept last while there is none. A node that died while
 * sweeping is followed by the next after one and a half periods, which is much sooner than a
 * leader's lease. That two of them sweep at the same time does no harm: each script changes what is
 * still due and nothing else.
 */
final class LivenessReaper {

  private static final Logger log = LoggerFactory.getLogger(LivenessReaper.class);
  private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);
  private static final int PERIODS_PER_LEASE = 6;
  private static final int TICKS_PER_PERIOD = 5;
  private static final int ROSTER_PAGE = 500;

  /** So that a deadline that nothing can be done about does not keep Redis busy. */
  private static final int MOST_ROUNDS = 50;

  private static final int EXPIRE_BATCH = 50;

  private final NodeContext context;
  private final RegistryKeys keys;
  private final DetachOutbox departures;
  private final NodeLease leases;
  private final BooleanSupplier leading;

  /** On the scheduler's clock, in ms: when Redis is asked next. */
  private volatile long nextAt;

  LivenessReaper(
      NodeContext context,
      RegistryKeys keys,
      DetachOutbox departures,
      NodeLease leases,
      BooleanSupplier leading) {
    this.context = context;
    this.keys = keys;
    this.departures = departures;
    this.leases = leases;
    this.leading = leading;
  }

  /** How often {@link #tick} wants to be called; most ticks cost nothing. */
  Duration tickInterval() {
    return period().dividedBy(TICKS_PER_PERIOD);
  }

  private Duration period() {
    Duration byLease = context.options().liveness().nodeLease().dividedBy(PERIODS_PER_LEASE);
    return byLease.compareTo(LONGEST_PERIOD) < 0 ? byLease : LONGEST_PERIOD;
  }

  /** How late this node asks Redis for what is due, at the moment. */
  Duration lag() {
    long asked = nextAt;
    return asked == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(0, now() - asked));
  }

  Mono<Void> tick() {
    return Mono.defer(() -> now() < nextAt ? Mono.empty() : untilNothingIsDue());
  }

  /** A round finds a bounded number; where thousands are due, the next follows at once. */
  private Mono<Void> untilNothingIsDue() {
    return sweep().repeat(MOST_ROUNDS).takeUntil(more -> !more).then();
  }

  private Mono<Boolean> sweep() {
    return Mono.defer(this::sweepOnce);
  }

  private Mono<Boolean> sweepOnce() {
    nextAt = now() + period().toMillis();
    ScriptCall call =
        ScriptCall.of(Script.NODE_SWEEP)
            .key(context.keys().nodes())
            .key(context.keys().detached())
            .key(context.keys().heartbeats())
            .key(context.keys().sys("sweep"))
            .arg(context.nodeId())
            .arg(period())
            .arg(quiet())
            .arg(context.options().swarmTtl())
            .arg(leading.getAsBoolean() ? 1 : 0);
    return context.link().run(call).flatMap(this::judge);
  }

  /** After an outage: long enough for nodes to beat and for sessions to come back. */
  private Duration quiet() {
    Duration lease = context.options().liveness().nodeLease();
    Duration grace = context.options().liveness().sessionGrace();
    return lease.compareTo(grace) > 0 ? lease : grace;
  }

  private Mono<Boolean> judge(ScriptReply reply) {
    long dueIn = reply.number(1);
    if (dueIn > 0) {
      nextAt = Math.min(nextAt, now() + dueIn);
    }
    List<String> dead = reply.strings(2);
    List<String> due = reply.strings(3);
    List<String> expired = reply.strings(4);
    return Flux.fromIterable(dead)
        .filter(node -> !node.equals(context.nodeId())) // its own beat sees to it
        .concatMap(this::bury)
        .then(departures.interrupt(due))
        .then(expire(expired))
        .thenReturn(dead.size() + due.size() + expired.size() > 0);
  }

  private Mono<Void> bury(String nodeId) {
    log.warn("Node {} gave no sign of life for its lease; its swarms are detached", nodeId);
    return detachPage(nodeId, "0")
        .flatMap(dead -> dead ? leases.bury(nodeId) : Mono.just(false))
        .then();
  }

  private Mono<Boolean> detachPage(String nodeId, String cursor) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_HELD)
            .key(context.keys().roster())
            .arg(nodeId)
            .arg(cursor)
            .arg(ROSTER_PAGE);
    return context
        .link()
        .run(call)
        .flatMap(
            page ->
                departures
                    .detachDead(nodeId, owners(page.list(1)))
                    .flatMap(dead -> dead ? more(nodeId, page.string(0)) : Mono.just(false)));
  }

  private Mono<Boolean> more(String nodeId, String cursor) {
    return cursor.equals("0") ? Mono.just(true) : detachPage(nodeId, cursor);
  }

  private Mono<Void> expire(List<String> swarmIds) {
    return Flux.fromIterable(swarmIds).buffer(EXPIRE_BATCH).concatMap(this::expireBatch).then();
  }

  private Mono<ScriptReply> expireBatch(List<String> swarmIds) {
    ScriptCall call =
        context
            .appending(Script.SWARM_EXPIRE)
            .keys(keys.common())
            .arg(context.options().swarmTtl())
            .arg(context.keys().signals())
            .arg(RegistryKeys.ARCHIVE_TTL);
    swarmIds.forEach(id -> call.keys(keys.swarm(id)).key(keys.memo(id)).arg(id));
    return context.link().run(call);
  }

  private static List<Ownership> owners(ScriptReply pairs) {
    List<Ownership> owners = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      owners.add(new Ownership(pairs.string(i), pairs.number(i + 1)));
    }
    return owners;
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }
}
