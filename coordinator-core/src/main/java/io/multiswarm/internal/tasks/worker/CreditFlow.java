package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.TaskWorkers;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Turns the demand of one subscriber into credit. What the swarm has from before the subscription
 * is delivered against demand without a grant; at most {@link TaskWorkers#MAX_CREDIT} is open at a
 * time, and granted anew when half of it is used.
 *
 * <p>Concurrency: the counters are guarded by {@code this}; grants are totals, so they may overtake
 * each other.
 */
final class CreditFlow {

  private static final long WINDOW = TaskWorkers.MAX_CREDIT;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final NodeContext context;
  private final Grants grants;
  private final AssignmentsInFlight desk;
  private final FluxSink<Assignment> sink;
  private final Disposable.Composite subscriptions = Disposables.composite();
  private final Disposable.Swap granting = Disposables.swap();
  private boolean started;
  private long backlog;
  private long demand;
  private long open;

  private CreditFlow(
      NodeContext context, Grants grants, AssignmentsInFlight desk, FluxSink<Assignment> sink) {
    this.context = context;
    this.grants = grants;
    this.desk = desk;
    this.sink = sink;
  }

  /** The assignments of a desk, for credit that follows the subscriber's demand. */
  static Flux<Assignment> of(NodeContext context, Grants grants, AssignmentsInFlight desk) {
    return Flux.create(
        sink -> new CreditFlow(context, grants, desk, sink).start(), OverflowStrategy.BUFFER);
  }

  private void start() {
    subscriptions.add(granting);
    sink.onDispose(subscriptions);
    // What is on the desk arrives within this call, and is the backlog.
    subscriptions.add(desk.received().subscribe(this::arrived, sink::error, sink::complete));
    synchronized (this) {
      started = true;
    }
    sink.onRequest(this::requested);
  }

  private void arrived(Assignment assignment) {
    long grant;
    synchronized (this) {
      if (!started) {
        backlog++;
      } else {
        open--;
      }
      grant = nextGrant();
    }
    sink.next(assignment);
    send(grant);
  }

  private void requested(long n) {
    long grant;
    synchronized (this) {
      long served = Math.min(n, backlog);
      backlog -= served;
      long more = n == Long.MAX_VALUE ? n : n - served;
      demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
      grant = nextGrant();
    }
    send(grant);
  }

  /** Small demand is granted at once; a large one in halves of the window. */
  private long nextGrant() {
    long grant = Math.min(demand, WINDOW - open);
    if (!started || grant <= 0 || grant < demand && open > WINDOW / 2) {
      return 0;
    }
    open += grant;
    demand = demand == Long.MAX_VALUE ? demand : demand - grant;
    return grant;
  }

  private void send(long grant) {
    if (grant == 0) {
      return;
    }
    desk.grant(grant);
    // Replaces without cancelling: the totals are the desk's, so the last one says it all.
    granting.replace(
        Mono.defer(() -> grants.grant(desk.owner(), desk.granted()))
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                    .maxBackoff(LONGEST_PAUSE)
                    .scheduler(context.scheduler())
                    .filter(CreditFlow::isPassing))
            .subscribe(unused -> {}, sink::error));
  }

  private static boolean isPassing(Throwable error) {
    return CoordinationException.is(error, ErrorCode.UNAVAILABLE)
        || CoordinationException.is(error, ErrorCode.RESOURCE_EXHAUSTED);
  }
}
