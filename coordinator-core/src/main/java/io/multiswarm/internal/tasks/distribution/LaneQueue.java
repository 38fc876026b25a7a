package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.tasks.Lane;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The head of one lane's queue: the oldest places of it, ahead of their assignment. Places are
 * ordered by time within a lane. Either these are all, or the rest is read from Redis when these
 * are used up.
 */
final class LaneQueue {

  static final int AHEAD = 512;

  private final String name;
  private final Lane lane;
  private final TreeSet<String> ahead = new TreeSet<>();
  private boolean complete;

  /** The capability for which it waits; null when it does not. */
  private @Nullable String lacking;

  /** Since when it waits for service, on the scheduler's clock in ms. */
  private long waitingSince;

  LaneQueue(String name, boolean complete, long now) {
    this.name = name;
    this.lane = Lane.parse(name);
    this.complete = complete;
    this.waitingSince = now;
  }

  String name() {
    return name;
  }

  Lane lane() {
    return lane;
  }

  /** A place that a signal told. What lies behind the end of an incomplete head stays in Redis. */
  void offer(String place) {
    if (complete || !ahead.isEmpty() && place.compareTo(ahead.last()) < 0) {
      ahead.add(place);
      if (ahead.size() > AHEAD) {
        ahead.pollLast();
        complete = false;
      }
    }
  }

  /** The oldest places, as read; fewer than asked for are all. */
  void fill(List<String> places, int asked) {
    ahead.addAll(places);
    complete = places.size() < asked;
  }

  void waitFor(@Nullable String capability) {
    lacking = capability;
  }

  @Nullable String lacking() {
    return lacking;
  }

  boolean mustBeFilled() {
    return ahead.isEmpty() && !complete;
  }

  boolean isUsedUp() {
    return ahead.isEmpty() && complete;
  }

  int size() {
    return ahead.size();
  }

  /** The time of the oldest place; null when it must be filled. */
  @Nullable String headTime() {
    return ahead.isEmpty() ? null : ahead.first().substring(name.length() + 1);
  }

  @Nullable String head() {
    return ahead.isEmpty() ? null : ahead.first();
  }

  String poll(long now) {
    waitingSince = now;
    String first = ahead.pollFirst();
    if (first == null) {
      throw new IllegalStateException("lane " + name + " has no place at hand");
    }
    return first;
  }

  long waitingSince() {
    return waitingSince;
  }
}
