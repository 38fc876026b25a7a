package io.multiswarm.internal.duties;

import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.internal.node.DeadlineTimer;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The office of the one node that keeps the fleet up: leases that are over, what the dead held,
 * delays, retention, recovery. It belongs to the nodes and needs no swarm, so none of this waits
 * for a leader.
 *
 * <p>The lease is short and renewed each period. Who does not have it looks again when it is over,
 * or when it is given up. A holder that is cut off from Redis need not give up by its own clock: it
 * can write nothing meanwhile, and afterwards its token is refused.
 *
 * <p><b>Threading.</b> Safe for concurrent use: the term changes under the lock of {@code this},
 * and is told on the scheduler.
 */
public final class UpkeepLease implements Office<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(UpkeepLease.class);

  private static final String KIND = "upkeep";
  private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);
  private static final int PERIODS_PER_NODE_LEASE = 6;
  private static final int PERIODS_PER_LEASE = 2;

  /** More than a follower takes, and less than the rest of a node's lease when it last beat. */
  private static final int PERIODS_PER_OUTAGE = 3;

  private static final int LOOKS_PER_PERIOD = 5;

  private final NodeContext context;
  private final Duration period;
  private final DeadlineTimer timer;
  private final Sinks.Many<Optional<UpkeepTerm>> terms = Sinks.many().replay().latest();
  private volatile Optional<UpkeepTerm> present = Optional.empty();

  /** Registers a handler of signals: make it before these are started. */
  public UpkeepLease(NodeContext context) {
    this.context = context;
    this.period = period(context.options().liveness());
    this.timer = new DeadlineTimer(context.scheduler(), period.multipliedBy(2), this::look);
    context.signals().on(KIND, free -> lookSoon());
    terms.tryEmitNext(present).orThrow();
  }

  /** Between two renewals, and between two looks at what is due. */
  public static Duration period(Liveness liveness) {
    Duration byLease = liveness.nodeLease().dividedBy(PERIODS_PER_NODE_LEASE);
    return byLease.compareTo(LONGEST_PERIOD) < 0 ? byLease : LONGEST_PERIOD;
  }

  /** Contends from now on. */
  public void start() {
    lookSoon();
  }

  @Override
  public Flux<Optional<UpkeepTerm>> terms() {
    return terms.asFlux().onBackpressureLatest().publishOn(context.scheduler(), 1);
  }

  @Override
  public Optional<UpkeepTerm> stillHeld(UpkeepTerm term) {
    return present.filter(term::equals);
  }

  @Override
  public void fenced(UpkeepTerm term) {
    synchronized (this) {
      if (present.filter(term::equals).isPresent()) {
        become(Optional.empty());
      }
    }
    lookSoon();
  }

  /** Ends the own term and lets others know; what fails is left to the lease. */
  public Mono<Void> leave() {
    return Mono.defer(
        () -> {
          timer.dispose();
          Optional<UpkeepTerm> held = present;
          become(Optional.empty());
          return held.map(this::release).orElseGet(Mono::empty);
        });
  }

  private Mono<Void> release(UpkeepTerm term) {
    ScriptCall call =
        ScriptCall.of(Script.UPKEEP_LEAVE)
            .key(context.keys().upkeep())
            .key(context.keys().signals())
            .arg(term.token());
    return context.link().run(call).then();
  }

  private void lookSoon() {
    timer.wakeWithin(Duration.ZERO);
  }

  private Mono<Duration> look() {
    Liveness liveness = context.options().liveness();
    ScriptCall call =
        ScriptCall.of(Script.UPKEEP_TAKE)
            .key(context.keys().upkeep())
            .arg(context.nodeId())
            .arg(period.multipliedBy(PERIODS_PER_LEASE))
            .arg(period.multipliedBy(PERIODS_PER_OUTAGE))
            .arg(quiet(liveness));
    return context
        .link()
        .run(call)
        .map(Take::from)
        .map(this::learn)
        .onErrorResume(
            error -> {
              log.debug("The upkeep's lease is unknown, asking again: {}", error.toString());
              return Mono.just(period.dividedBy(LOOKS_PER_PERIOD));
            });
  }

  /** After an outage: long enough for nodes to beat and for sessions to come back. */
  private static Duration quiet(Liveness liveness) {
    return liveness.nodeLease().compareTo(liveness.sessionGrace()) > 0
        ? liveness.nodeLease()
        : liveness.sessionGrace();
  }

  /**
   * Who keeps the fleet up.
   *
   * @param term of this node; empty when another does
   * @param left of the lease
   */
  @ReplyOf(Script.UPKEEP_TAKE)
  private record Take(Optional<UpkeepTerm> term, Duration left) {

    static Take from(ScriptReply reply) {
      boolean mine = reply.number(0) == 1;
      return new Take(
          mine ? Optional.of(new UpkeepTerm(reply.number(1))) : Optional.empty(),
          Duration.ofMillis(reply.number(2)));
    }
  }

  private Duration learn(Take take) {
    become(take.term());
    return take.term().isPresent() ? period : take.left().plusMillis(1);
  }

  private synchronized void become(Optional<UpkeepTerm> next) {
    if (timer.isDisposed() && next.isPresent() || next.equals(present)) {
      return;
    }
    log.info(
        "Node {} keeps the fleet up {}",
        context.nodeId(),
        next.isPresent() ? "from now on" : "no more");
    present = next;
    // Emitted under the lock alone, and the sink keeps one item: it cannot fail.
    terms.tryEmitNext(next).orThrow();
  }
}
