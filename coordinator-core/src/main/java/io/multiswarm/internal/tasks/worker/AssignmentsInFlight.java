package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.Revocation;
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
 * new ones, and how much credit was given. Bounded by that credit.
 *
 * <p>Concurrency: state is guarded by {@code this}. Sinks are called outside, they serialise; an
 * assignment is delivered once because it is delivered by whoever put it on the desk.
 */
final class AssignmentsInFlight {

  private final Ownership owner;
  private final Map<String, Held> held = new LinkedHashMap<>();
  private final Set<FluxSink<Revocation>> revoked = new HashSet<>();
  private @Nullable FluxSink<Assignment> receiver;
  private long granted;
  private boolean autoExtend;
  private boolean closed;

  private static final class Held {
    final Assignment assignment;
    boolean delivered;
    long renewAt;

    Held(Assignment assignment, long renewAt) {
      this.assignment = assignment;
      this.renewAt = renewAt;
    }
  }

  AssignmentsInFlight(Ownership owner) {
    this.owner = owner;
  }

  Ownership owner() {
    return owner;
  }

  /**
   * Takes an assignment and delivers it, unless this attempt was here before.
   *
   * @return whether it is new
   */
  boolean put(Assignment assignment, long now) {
    FluxSink<Assignment> to;
    synchronized (this) {
      Held present = held.get(assignment.taskId());
      if (closed || present != null && present.assignment.attempt() >= assignment.attempt()) {
        return false;
      }
      Held added = new Held(assignment, now + renewal(assignment).toMillis());
      held.put(assignment.taskId(), added);
      to = receiver;
      added.delivered = to != null;
    }
    if (to != null) {
      to.next(assignment);
    }
    return true;
  }

  /** The attempt has ended by the swarm's own doing. */
  synchronized void done(String taskId, long attempt) {
    Held present = held.get(taskId);
    if (present != null && present.assignment.attempt() == attempt) {
      held.remove(taskId);
    }
  }

  /** The attempt was taken away. */
  void revoke(String taskId, long attempt, String reason) {
    List<FluxSink<Revocation>> listeners;
    synchronized (this) {
      Held present = held.get(taskId);
      if (present == null || present.assignment.attempt() != attempt) {
        return;
      }
      held.remove(taskId);
      listeners = List.copyOf(revoked);
    }
    Revocation revocation = new Revocation(owner.swarmId(), taskId, attempt, reason);
    listeners.forEach(listener -> listener.next(revocation));
  }

  /** New assignments, after those that nobody has received; a former receiver is completed. */
  Flux<Assignment> received() {
    return Flux.create(this::receiveBy, OverflowStrategy.BUFFER);
  }

  private void receiveBy(FluxSink<Assignment> sink) {
    List<Assignment> waiting = new ArrayList<>();
    FluxSink<Assignment> former;
    boolean over;
    synchronized (this) {
      former = receiver;
      over = closed;
      receiver = sink;
      held.values().stream()
          .filter(one -> !one.delivered)
          .forEach(
              one -> {
                one.delivered = true;
                waiting.add(one.assignment);
              });
    }
    if (former != null) {
      former.complete();
    }
    if (over) {
      sink.error(TaskRefusals.notHeld(owner.swarmId()));
      return;
    }
    sink.onDispose(() -> stopReceiving(sink));
    waiting.forEach(sink::next);
  }

  private synchronized void stopReceiving(FluxSink<Assignment> sink) {
    if (receiver == sink) {
      receiver = null;
    }
  }

  /** Lets the next receiver begin with all that is unfinished. */
  synchronized void deliverAnew() {
    held.values().forEach(one -> one.delivered = false);
  }

  /** All that is unfinished, which counts as delivered from now on. */
  synchronized List<Assignment> takeAll() {
    held.values().forEach(one -> one.delivered = true);
    return held.values().stream().map(one -> one.assignment).toList();
  }

  synchronized Map<String, Long> attempts() {
    Map<String, Long> attempts = new LinkedHashMap<>();
    held.forEach((taskId, one) -> attempts.put(taskId, one.assignment.attempt()));
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
  synchronized List<Assignment> takeRenewals(long now, int limit) {
    List<Assignment> due = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.renewAt <= now && due.size() < limit) {
        one.renewAt = now + renewal(one.assignment).toMillis();
        due.add(one.assignment);
      }
    }
    return due;
  }

  /** A lease is renewed three times before it is over, so that one hiccup does not lose it. */
  private static Duration renewal(Assignment assignment) {
    return assignment.lease().dividedBy(3);
  }

  /** The swarm is no longer held here. */
  void close() {
    FluxSink<Assignment> to;
    List<FluxSink<Revocation>> listeners;
    synchronized (this) {
      closed = true;
      held.clear();
      to = receiver;
      listeners = List.copyOf(revoked);
    }
    if (to != null) {
      to.error(TaskRefusals.notHeld(owner.swarmId()));
    }
    listeners.forEach(listener -> listener.error(TaskRefusals.notHeld(owner.swarmId())));
  }
}
