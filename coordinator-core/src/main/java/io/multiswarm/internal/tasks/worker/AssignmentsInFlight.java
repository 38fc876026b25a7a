package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.TaskWorkers.Revocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;

/**
 * What one attachment of a swarm to this node has on its desk: unfinished assignments, who hears of
 * new ones, and how much credit was given. Bounded by that credit; the tasks themselves wait in
 * Redis, but for a few that are at hand.
 *
 * <p>Concurrency: state is guarded by {@code this}. Readers and sinks are told outside.
 */
final class AssignmentsInFlight {

  private final Ownership owner;
  private final Map<String, Held> held = new LinkedHashMap<>();
  private final WaitingAssignments waiting;
  private final Set<FluxSink<Revocation>> revoked = new HashSet<>();
  private @Nullable DeskReader reader;
  private long granted;
  private boolean autoExtend;
  private boolean closed;

  /** One unfinished assignment. */
  static final class Held {
    final Given given;
    final long since;
    @Nullable TaskBody body;
    long renewAt;

    Held(Given given, long since, long renewAt) {
      this.given = given;
      this.since = since;
      this.renewAt = renewAt;
    }
  }

  AssignmentsInFlight(Ownership owner, BodiesAtHand bodies) {
    this.owner = owner;
    this.waiting = new WaitingAssignments(this, bodies);
  }

  Ownership owner() {
    return owner;
  }

  /**
   * Takes an assignment, unless this attempt was here before.
   *
   * @param body the task, if it came along
   * @return whether it is new
   */
  boolean put(Given given, @Nullable TaskBody body, long now) {
    DeskReader to;
    AssignmentsInFlight full;
    synchronized (this) {
      Held present = held.get(given.taskId());
      if (closed || present != null && present.given.attempt() >= given.attempt()) {
        return false;
      }
      if (present != null) {
        waiting.over(present);
      }
      Held added = new Held(given, now, now + renewal(given).toMillis());
      held.put(given.taskId(), added);
      full = waiting.add(added, reader == null ? null : body);
      to = reader;
    }
    makeRoom(full);
    wake(to);
    return true;
  }

  private static void makeRoom(@Nullable AssignmentsInFlight full) {
    if (full != null) {
      full.putAway();
    }
  }

  private synchronized void putAway() {
    waiting.putAway();
  }

  private static void wake(@Nullable DeskReader reader) {
    if (reader != null) {
      reader.changed();
    }
  }

  /**
   * The attempt has ended by the swarm's own doing.
   *
   * @return since when it was here; null when it was not
   */
  @Nullable Long done(String taskId, long attempt) {
    DeskReader to;
    long since;
    synchronized (this) {
      Held present = held.get(taskId);
      if (present == null || present.given.attempt() != attempt) {
        return null;
      }
      since = present.since;
      to = remove(present);
    }
    wake(to);
    return since;
  }

  /** Who waits for it, and must be told that it does not come; null when that is nobody. */
  private @Nullable DeskReader remove(Held gone) {
    held.remove(gone.given.taskId());
    return waiting.over(gone) ? reader : null;
  }

  /** The attempt was taken away. */
  void revoke(String taskId, long attempt, String reason) {
    List<FluxSink<Revocation>> listeners;
    DeskReader to;
    synchronized (this) {
      Held present = held.get(taskId);
      if (present == null || present.given.attempt() != attempt) {
        return;
      }
      listeners = List.copyOf(revoked);
      to = remove(present);
    }
    Revocation revocation = new Revocation(owner.swarmId(), taskId, attempt, reason);
    listeners.forEach(listener -> listener.next(revocation));
    wake(to);
  }

  /** Makes somebody the one who reads; a former reader is ended. */
  void readBy(DeskReader next) {
    DeskReader former;
    boolean over;
    synchronized (this) {
      former = reader;
      over = closed;
      reader = next;
    }
    if (former != null) {
      former.end(null);
    }
    if (over) {
      next.end(TaskRefusals.notHeld(owner.swarmId()));
    }
  }

  synchronized void stopReading(DeskReader former) {
    if (reader == former) {
      reader = null;
    }
  }

  /** The next that waits, if the task is at hand; it is no longer undelivered then. */
  synchronized @Nullable Assignment next(DeskReader by) {
    return reader == by ? waiting.next(owner.swarmId()) : null;
  }

  /** The first that wait and whose tasks must be read. */
  synchronized List<Given> unread(int most, int mostBytes) {
    return waiting.unread(most, mostBytes);
  }

  /** A task was read for one that waits. */
  void found(Given given, TaskBody body) {
    AssignmentsInFlight full;
    synchronized (this) {
      Held present = held.get(given.taskId());
      full =
          present == null || present.given.attempt() != given.attempt()
              ? null
              : waiting.found(present, body);
    }
    makeRoom(full);
  }

  /** The first that wait, whatever was read of them, as far as they have so many bytes together. */
  synchronized List<Given> takeSmall(int most, int mostBytes) {
    return waiting.takeSmall(most, mostBytes);
  }

  synchronized int undelivered() {
    return waiting.size();
  }

  /** How many came since the desk is there. */
  synchronized long arrivals() {
    return waiting.arrivals();
  }

  /** Lets the next reader begin with all that is unfinished. */
  synchronized void deliverAnew() {
    waiting.restart(held.values());
  }

  synchronized Map<String, Long> attempts() {
    Map<String, Long> attempts = new LinkedHashMap<>();
    held.forEach((taskId, one) -> attempts.put(taskId, one.given.attempt()));
    return attempts;
  }

  Flux<Revocation> revocations() {
    return Flux.create(
        sink -> {
          boolean over;
          synchronized (this) {
            over = closed;
            revoked.add(sink);
          }
          sink.onDispose(
              () -> {
                synchronized (this) {
                  revoked.remove(sink);
                }
              });
          if (over) {
            sink.error(TaskRefusals.notHeld(owner.swarmId()));
          }
        },
        OverflowStrategy.BUFFER);
  }

  /** Adds to the credit, and gives its total. */
  synchronized long grant(long n) {
    granted += n;
    return granted;
  }

  synchronized long granted() {
    return granted;
  }

  synchronized void autoExtend(boolean on) {
    autoExtend = on;
  }

  synchronized boolean isAutoExtending() {
    return autoExtend;
  }

  /** When the next lease must be renewed; null when none must. */
  synchronized @Nullable Long nextRenewal() {
    return autoExtend
        ? held.values().stream().map(one -> one.renewAt).min(Long::compare).orElse(null)
        : null;
  }

  /** What must be renewed now, at most {@code limit}; it counts as renewed. */
  synchronized List<Given> takeRenewals(long now, int limit) {
    List<Given> due = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.renewAt <= now && due.size() < limit) {
        one.renewAt = now + renewal(one.given).toMillis();
        due.add(one.given);
      }
    }
    return due;
  }

  /** A lease is renewed three times before it is over, so that one hiccup does not lose it. */
  private static Duration renewal(Given given) {
    return given.lease().dividedBy(3);
  }

  /** The swarm is no longer held here. */
  void close() {
    DeskReader to;
    List<FluxSink<Revocation>> listeners;
    synchronized (this) {
      closed = true;
      held.clear();
      waiting.restart(List.of());
      to = reader;
      listeners = List.copyOf(revoked);
    }
    if (to != null) {
      to.end(TaskRefusals.notHeld(owner.swarmId()));
    }
    listeners.forEach(listener -> listener.error(TaskRefusals.notHeld(owner.swarmId())));
  }
}
