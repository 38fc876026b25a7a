package io.multiswarm.internal.tasks.worker;

import io.multiswarm.internal.tasks.worker.AssignmentsInFlight.Held;
import io.multiswarm.tasks.Assignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a desk that nobody has received yet, in order. Guarded by the desk.
 *
 * <p>Tasks are at hand up to {@link #MOST_BYTES}, and the first whatever its size: what comes along
 * with an assignment spares its reading to who keeps up.
 */
final class WaitingAssignments {

  private static final int MOST_BYTES = 64 << 10;

  private final AssignmentsInFlight desk;
  private final BodiesAtHand bodies;
  private final Set<Held> waiting = new LinkedHashSet<>();
  private int atHand;
  private long arrivals;

  WaitingAssignments(AssignmentsInFlight desk, BodiesAtHand bodies) {
    this.desk = desk;
    this.bodies = bodies;
  }

  int size() {
    return waiting.size();
  }

  long arrivals() {
    return arrivals;
  }

  /** As {@link #found}, for one that is new; the body is null when it did not come along. */
  @Nullable AssignmentsInFlight add(Held added, @Nullable TaskBody body) {
    arrivals++;
    waiting.add(added);
    return body == null ? null : found(added, body);
  }

  /**
   * Keeps a task at hand.
   *
   * @return a desk that must put away what it has, because the node has too much
   */
  @Nullable AssignmentsInFlight found(Held one, TaskBody body) {
    int size = body.length();
    if (one.body != null || !waiting.contains(one)) {
      return null;
    }
    if (atHand + size > MOST_BYTES && one != waiting.iterator().next()) {
      return null;
    }
    one.body = body;
    atHand += size;
    return bodies.add(desk, size);
  }

  /** The first that waits, if its task is at hand. */
  @Nullable Assignment next(String swarmId) {
    if (waiting.isEmpty()) {
      return null;
    }
    Held first = waiting.iterator().next();
    TaskBody body = first.body;
    if (body == null) {
      return null;
    }
    over(first);
    return first.given.with(swarmId, body);
  }

  /** It is not to be delivered any more; whether it was. */
  boolean over(Held one) {
    boolean waited = waiting.remove(one);
    release(one);
    return waited;
  }

  private void release(Held one) {
    TaskBody body = one.body;
    if (body != null) {
      one.body = null;
      atHand -= body.length();
      bodies.remove(desk, body.length());
    }
  }

  List<Given> unread(int most, int mostBytes) {
    List<Given> unread = new ArrayList<>();
    int bytes = 0;
    for (Held one : waiting) {
      if (one.body != null && unread.isEmpty()) {
        return unread;
      }
      bytes += one.given.bytes();
      boolean full = unread.size() >= most || !unread.isEmpty() && bytes > mostBytes;
      if (full || one.body != null) {
        break;
      }
      unread.add(one.given);
    }
    return unread;
  }

  List<Given> takeSmall(int most, int mostBytes) {
    List<Held> taken = new ArrayList<>();
    int bytes = 0;
    for (Held one : waiting) {
      int more = one.given.bytes() + Given.OVERHEAD;
      if (taken.size() < most && bytes + more <= mostBytes) {
        bytes += more;
        taken.add(one);
      }
    }
    for (Held one : taken) {
      waiting.remove(one);
      release(one);
    }
    return taken.stream().map(one -> one.given).toList();
  }

  void putAway() {
    waiting.forEach(this::release);
  }

  void restart(Collection<Held> unfinished) {
    putAway();
    waiting.clear();
    waiting.addAll(unfinished);
  }
}
