package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Fleet;
import io.multiswarm.load.client.Notification.Stamp;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.pace.OpenLoopPacer;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Slot;
import reactor.core.publisher.Mono;

/**
 * The submitting half of a session. At a rate it submits when it is time; saturating, it has so
 * many unfinished tasks, and submits the next one when one of them is done.
 */
final class Submitter {

  /** With the worker's reports these stay below the 64 requests that a session may have. */
  private static final int AT_ONCE = 32;

  private final Fleet.Member member;
  private final Tasking tasking;
  private final TaskNames names;
  private final TaskObservation seen;

  Submitter(Fleet.Member member, Tasking tasking, TaskNames names, TaskObservation seen) {
    this.member = member;
    this.tasking = tasking;
    this.names = names;
    this.seen = seen;
  }

  /** Completes when the last task of the share is submitted and, when saturating, done. */
  Mono<Void> submit(Pace share, long start) {
    return new OpenLoopPacer(member.client().scheduler())
        .slots(share, start)
        .flatMap(slot -> submit(slot, share), AT_ONCE)
        .then()
        .subscribeOn(member.client().scheduler());
  }

  private Mono<Void> submit(Slot slot, Pace share) {
    long number = share.first() + slot.index() * share.step();
    var stamp = new Stamp(member.index(), number, slot.intendedNanos());
    seen.submitted();
    return tasking
        .submit(
            member.swarms().get((int) (slot.index() % member.swarms().size())),
            names.of(number),
            stamp)
        .doOnSuccess(done -> seen.accepted(stamp))
        .then(share.saturates() ? seen.completions().of(number) : Mono.empty())
        .onErrorResume(Fault.class, fault -> Mono.fromRunnable(() -> seen.refused(fault)));
  }
}
