package io.multiswarm.internal.tasks.worker;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Retries;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.TaskWorkers;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;

/**
 * Turns the demand of one subscriber into credit. What is on the desk and not delivered yet meets
 * demand without a grant; at most {@link TaskWorkers#MAX_CREDIT} is open at a time, and granted
 * anew when half of it is used.
 *
 * <p>Concurrency: used by the one thread that drains the subscriber's Flux; grants are totals, so
 * they may overtake each other.
 */
final class CreditFlow {

  private static final long WINDOW = TaskWorkers.MAX_CREDIT;

  private final NodeContext context;
  private final Grants grants;
  private final AssignmentsInFlight desk;
  private final FluxSink<Assignment> sink;
  private final Disposable.Swap granting = Disposables.swap();
  private final long arrivedBefore;
  private long granted;

  private CreditFlow(
      NodeContext context, Grants grants, AssignmentsInFlight desk, FluxSink<Assignment> sink) {
    this.context = context;
    this.grants = grants;
    this.desk = desk;
    this.sink = sink;
    this.arrivedBefore = desk.arrivals();
  }

  /** The assignments of a desk, for credit that follows the subscriber's demand. */
  static Flux<Assignment> of(
      NodeContext context, Grants grants, AssignmentsInFlight desk, TaskBodies bodies) {
    return Flux.create(
        sink -> {
          CreditFlow flow = new CreditFlow(context, grants, desk, sink);
          Disposable reading = AssignmentFlux.into(sink, desk, bodies, flow::demanded);
          sink.onDispose(Disposables.composite(reading, flow.granting));
        },
        OverflowStrategy.BUFFER);
  }

  /** Small demand is granted at once; a large one in halves of the window. */
  private void demanded(long demand) {
    // Read in this order: what arrives in between is counted twice for a moment, not granted twice.
    long open = granted - (desk.arrivals() - arrivedBefore);
    long wanted = Math.max(0, demand - desk.undelivered() - open);
    long grant = Math.min(wanted, WINDOW - open);
    if (grant > 0 && (grant == wanted || open <= WINDOW / 2)) {
      granted += grant;
      send(grant);
    }
  }

  private void send(long grant) {
    desk.grant(grant);
    // Replaces without cancelling: the totals are the desk's, so the last one says it all.
    granting.replace(
        Mono.defer(() -> grants.grant(desk.owner(), desk.granted()))
            .retryWhen(Retries.untilAnswered(context.scheduler()))
            .subscribe(unused -> {}, sink::error));
  }
}
