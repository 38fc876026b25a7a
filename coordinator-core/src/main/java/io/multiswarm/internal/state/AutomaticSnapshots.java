package io.multiswarm.internal.state;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.node.Staggering;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes a snapshot of each swarm that this node holds once an interval, if its state has changed.
 *
 * <p>Every node hears of each version that is saved, so a swarm that saved nothing since costs
 * nothing; after a time without hearing, all may have.
 *
 * <p>Swarms have their {@link Staggering}. A tick that comes late makes up for the phases that were
 * missed.
 */
final class AutomaticSnapshots {

  private static final Logger log = LoggerFactory.getLogger(AutomaticSnapshots.class);

  private static final int MOST_PHASES = 60;
  private static final Duration SHORTEST_PHASE = Duration.ofMillis(100);
  private static final int AT_ONCE = 4;

  private final NodeContext context;
  private final RedisSnapshots snapshots;
  private final Staggering turns;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  final LongAdder failures = new LongAdder();
  private long done = -1;

  AutomaticSnapshots(NodeContext context, RedisSnapshots snapshots) {
    this.context = context;
    this.snapshots = snapshots;
    this.turns = Staggering.of(context.options().snapshotInterval(), SHORTEST_PHASE, MOST_PHASES);
  }

  /** Goes on for ever, whatever fails; emits nothing. */
  Mono<Void> run() {
    Duration phase = context.options().snapshotInterval().dividedBy(turns.phases());
    return Flux.interval(phase, context.scheduler())
        .onBackpressureLatest()
        .concatMap(this::catchUp, 0)
        .then();
  }

  private Mono<Void> catchUp(long tick) {
    long first = done + 1;
    done = tick;
    return Flux.fromIterable(context.holdings().all())
        .filter(held -> turns.isWithin(first, tick, held.swarmId()))
        .filter(held -> changed.remove(held.swarmId()))
        .flatMap(this::take, AT_ONCE)
        .collectList()
        .doOnNext(AutomaticSnapshots::tell)
        .then();
  }

  /** A version of its state was saved. */
  void saved(String swarmId) {
    if (context.holdings().find(swarmId).isPresent()) {
      changed.add(swarmId);
    }
  }

  /** What is new here has saved nothing. */
  void attached(AttachedSwarms.Held held) {
    if (!held.isNew()) {
      changed.add(held.swarmId());
    }
  }

  void lost(AttachedSwarms.Held held) {
    changed.remove(held.swarmId());
  }

  /** Signals may have been missed. */
  void reset() {
    context.holdings().all().forEach(held -> changed.add(held.swarmId()));
  }

  /** What refused it because there is no room: where there is none, there is none for many. */
  private Mono<Throwable> take(AttachedSwarms.Held held) {
    return snapshots
        .createIfChanged(held.ownership())
        .then(Mono.<Throwable>empty())
        .onErrorResume(
            error -> {
              if (isGone(error)) {
                return Mono.empty();
              }
              failures.increment();
              saved(held.swarmId());
              if (CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED)) {
                return Mono.just(error);
              }
              PassingFailures.tell(log, "No automatic snapshot of swarm " + held.swarmId(), error);
              return Mono.empty();
            });
  }

  private static void tell(List<Throwable> full) {
    if (!full.isEmpty()) {
      log.warn("No automatic snapshots of {} swarms: {}", full.size(), full.get(0).toString());
    }
  }

  /** Somebody else holds it, or nobody: this node will hear of that. */
  private static boolean isGone(Throwable error) {
    return CoordinationException.is(error, ErrorCode.FENCED)
        || CoordinationException.is(error, ErrorCode.NOT_FOUND);
  }
}
