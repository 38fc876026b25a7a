package io.multiswarm.internal.tasks.worker;

import io.multiswarm.tasks.Assignment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One subscriber's way through a desk, by pulling: asking is the demand. It gives what is at hand,
 * and has the tasks read of what is not.
 *
 * <p><b>Waking.</b> After {@link #poll} returned null, the listener is woken once something may be
 * there. It must not block, and should schedule a poll and not poll itself.
 *
 * <p><b>Why no wake-up is lost.</b> {@link #poll} says that it found nothing before it looks once
 * more; who changes the desk, or ends a reading, does that first and then looks whether somebody
 * found nothing. Both are volatile, so at least one of the two sees the other.
 */
final class DeskReader {

  private static final int READ_AT_ONCE = 32;
  private static final int READ_BYTES = 64 << 10;

  private final AssignmentsInFlight desk;
  private final TaskBodies bodies;
  private final Listener listener;
  private final AtomicBoolean hungry = new AtomicBoolean();
  private final AtomicBoolean reading = new AtomicBoolean();
  private final Disposable.Swap read = Disposables.swap();
  private volatile boolean over;

  private DeskReader(AssignmentsInFlight desk, TaskBodies bodies, Listener listener) {
    this.desk = desk;
    this.bodies = bodies;
    this.listener = listener;
  }

  /** Begins to read; a former reader of the desk is ended. */
  static DeskReader begin(AssignmentsInFlight desk, TaskBodies bodies, Listener listener) {
    DeskReader reader = new DeskReader(desk, bodies, listener);
    desk.readBy(reader);
    return reader;
  }

  /** Who reads; called on any thread. */
  interface Listener {

    void wake();

    /**
     * {@code poll} gives null from now on.
     *
     * @param reason why the swarm is no longer held here; null when another reader reads
     */
    void ended(@Nullable Throwable reason);
  }

  /** The next assignment; null when none is ready yet. By one thread at a time. */
  @Nullable Assignment poll() {
    Assignment found = look();
    if (found == null) {
      hungry.set(true);
      found = look();
      if (found != null) {
        hungry.set(false);
      }
    }
    return found;
  }

  private @Nullable Assignment look() {
    if (over) {
      return null;
    }
    Assignment next = desk.next(this);
    if (next == null && reading.compareAndSet(false, true)) {
      List<Given> unread = desk.unread(READ_AT_ONCE, READ_BYTES);
      if (unread.isEmpty()) {
        reading.set(false);
      } else {
        read(unread);
      }
    }
    return next;
  }

  private void read(List<Given> unread) {
    read.update(
        bodies
            .of(unread)
            .subscribe(
                found -> {
                  for (int i = 0; i < unread.size(); i++) {
                    arrived(unread.get(i), found.get(i));
                  }
                  reading.set(false);
                  changed();
                },
                listener::ended));
  }

  /** A task that is not there is one that Redis lost. */
  private void arrived(Given given, Optional<TaskBody> body) {
    if (body.isPresent()) {
      desk.found(given, body.get());
    } else {
      desk.revoke(given.taskId(), given.attempt(), "lost");
    }
  }

  /** There may be something that was not there before. */
  void changed() {
    if (hungry.get() && hungry.compareAndSet(true, false)) {
      listener.wake();
    }
  }

  void end(@Nullable Throwable reason) {
    if (!over) {
      over = true;
      read.dispose();
      listener.ended(reason);
    }
  }

  /** Ends the reading; what was not polled waits for the next reader. */
  void cancel() {
    over = true;
    read.dispose();
    desk.stopReading(this);
  }
}
