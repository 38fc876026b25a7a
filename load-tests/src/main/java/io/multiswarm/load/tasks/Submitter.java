package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.pace.OpenLoopPacer;
import io.multiswarm.load.pace.Pace;
import io.multiswarm.load.pace.Slot;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

/**
 * The submitting half of a session. At a rate it submits when it is time; saturating, it has so
 * many unfinished tasks, and submits the next one when one of them is done.
 *
 * <p>It asks its pacer for as many slots as there is room for, which costs the same however much is
 * under way.
 */
final class Submitter extends BaseSubscriber<Slot> {

  private final TaskSession session;
  private final TaskObservation seen;
  private final Pace share;
  private final long firstNumber;
  private final Sinks.Empty<Void> done = Sinks.empty();

  // Guarded by this; a slot that was asked for counts as both already.
  private int roomForCalls;
  private int roomForTasks;
  private int unanswered;
  private boolean over;

  /**
   * @param firstNumber of all tasks
   * @param unfinished of its tasks, while it saturates
   */
  Submitter(
      TaskSession session, TaskObservation seen, Pace share, long firstNumber, int unfinished) {
    this.session = session;
    this.seen = seen;
    this.share = share;
    this.firstNumber = firstNumber;
    this.roomForCalls = session.callsAtOnce();
    this.roomForTasks = share.saturates() ? unfinished : Integer.MAX_VALUE;
  }

  /** Completes when the last task of the share is submitted and answered. */
  Mono<Void> submit(long start) {
    return Mono.defer(
        () -> {
          new OpenLoopPacer(session.scheduler())
              .slots(share, start)
              .subscribeOn(session.scheduler())
              .subscribe(this);
          return done.asMono();
        });
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    askForMore();
  }

  @Override
  protected void hookOnNext(Slot slot) {
    long number = firstNumber + share.first() + slot.index() * share.step();
    var stamp = new Stamp(session.index(), number, slot.intendedNanos());
    seen.submitted();
    synchronized (this) {
      unanswered++;
    }
    session
        .submit(session.swarms().get((int) (slot.index() % session.swarms().size())), stamp)
        .doFinally(end -> answered())
        .subscribe(null, this::failed, () -> seen.accepted(stamp));
  }

  /** Anything but a refusal is the end of the connection, which ends the run. */
  private void failed(Throwable error) {
    if (error instanceof Fault fault) {
      seen.refused(fault);
      finished(); // it never will be
    }
  }

  @Override
  protected void hookFinally(SignalType end) {
    synchronized (this) {
      over = true;
    }
    doneIfSo();
  }

  private void answered() {
    synchronized (this) {
      unanswered--;
      roomForCalls++;
    }
    doneIfSo();
    askForMore();
  }

  /** One of its tasks is done. */
  void finished() {
    if (share.saturates()) {
      synchronized (this) {
        roomForTasks++;
      }
      askForMore();
    }
  }

  private void askForMore() {
    int more;
    synchronized (this) {
      more = over ? 0 : Math.min(roomForCalls, roomForTasks);
      roomForCalls -= more;
      roomForTasks -= share.saturates() ? more : 0;
    }
    if (more > 0) {
      request(more);
    }
  }

  /** The only signal that it ever has, so that repeating it changes nothing. */
  private void doneIfSo() {
    boolean ended;
    synchronized (this) {
      ended = over && unanswered == 0;
    }
    if (ended) {
      done.tryEmitEmpty();
    }
  }
}
