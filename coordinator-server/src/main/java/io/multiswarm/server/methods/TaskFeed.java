package io.multiswarm.server.methods;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.NotificationSource;
import io.multiswarm.server.session.Session;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.TaskWorkers;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * What one swarm is given and what is taken from it.
 *
 * <p><b>Backpressure.</b> One assignment is asked for when the socket has taken the one before, and
 * one revocation likewise. What the socket does not want stays with whoever gives it.
 *
 * <p><b>Order.</b> A revocation waits while an assignment does, which may be what it revokes.
 *
 * <p><b>Threading.</b> {@link #poll}, {@link #begin} and {@link #end} on the connection's thread;
 * assignments and revocations come on any.
 */
final class TaskFeed implements NotificationSource {

  private final Ownership owner;
  private final Session session;
  private final Next<Assignment> assignments = new Next<>();
  private final Next<Revocation> revocations = new Next<>();
  private Runnable over = () -> {};

  TaskFeed(Ownership owner, Session session) {
    this.owner = owner;
    this.session = session;
  }

  Ownership owner() {
    return owner;
  }

  /** Whether nothing will come any more. */
  boolean isOver() {
    return assignments.isDisposed();
  }

  /**
   * Begins to take.
   *
   * @param ended called on any thread when the ownership is over
   */
  void begin(TaskWorkers workers, Runnable ended) {
    over = ended;
    workers.received(owner).subscribe(assignments);
    workers.revocations(owner).subscribe(revocations);
  }

  void end() {
    assignments.dispose();
    revocations.dispose();
    assignments.take();
    revocations.take();
  }

  @Override
  public byte @Nullable [] poll() {
    Assignment given = assignments.take();
    if (given != null) {
      return Answers.notification(Notification.TASK_ASSIGNED, given.toJson());
    }
    Revocation taken = revocations.take();
    return taken == null ? null : Answers.notification(Notification.TASK_REVOKED, json(taken));
  }

  private static Json json(Revocation revocation) {
    return JsonObject.with("swarmId", revocation.swarmId())
        .and("taskId", revocation.taskId())
        .and("attempt", revocation.attempt())
        .and("reason", revocation.reason())
        .json();
  }

  /** Holds one, and asks for the next when that is taken. */
  private final class Next<T> extends BaseSubscriber<T> {

    private final AtomicReference<@Nullable T> waiting = new AtomicReference<>();

    @Nullable T take() {
      T taken = waiting.getAndSet(null);
      if (taken != null) {
        session.share().give(bytes(taken));
        request(1);
      }
      return taken;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      subscription.request(1);
    }

    @Override
    protected void hookOnNext(T next) {
      session.share().add(bytes(next));
      waiting.set(next);
      if (isDisposed()) {
        take();
      } else {
        session.peer().wake();
      }
    }

    private int bytes(T next) {
      return next instanceof Assignment assignment ? assignment.task().length() : 0;
    }

    /** The end of the ownership, which the session is told of by the registry. */
    @Override
    protected void hookOnError(Throwable error) {
      over.run();
    }

    @Override
    protected void hookOnComplete() {
      over.run();
    }
  }
}
