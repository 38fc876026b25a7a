package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Priority;
import io.multiswarm.tasks.Candidate;
import io.multiswarm.tasks.Lane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All lanes with pending tasks, and which of them is next: by priority, then by the time of the
 * oldest task. After {@link #PATIENCE} tasks in a row for which a lower priority was passed over,
 * one task of a lane that has waited for {@link #STARVING_MS} goes first, so that low is slow but
 * served. Where several priorities starve, the one whose last turn was longest ago has it: lanes
 * are many, and those of one priority together must not take all turns.
 *
 * <p>A lane for which nobody has credit is blocked: it costs nothing until a swarm with one of its
 * capabilities can take more. Confined to one thread at a time.
 */
public final class LaneBoard {

  public static final int PATIENCE = 20;
  static final long STARVING_MS = 1_000;

  private static final String ANYBODY = "";

  private static final Comparator<LaneQueue> BY_AGE =
      Comparator.comparing((LaneQueue lane) -> Objects.requireNonNullElse(lane.headTime(), ""))
          .thenComparing(LaneQueue::name);

  private final Map<String, LaneQueue> byName = new HashMap<>();
  private final EnumMap<Priority, TreeSet<LaneQueue>> ready = new EnumMap<>(Priority.class);
  private final Map<String, Set<LaneQueue>> blocked = new HashMap<>();
  private final Set<LaneQueue> hungry = new LinkedHashSet<>();
  private final EnumMap<Priority, Long> lastTurns = new EnumMap<>(Priority.class);
  private long turns;
  private int passedOver;

  LaneBoard() {
    for (Priority priority : Priority.values()) {
      ready.put(priority, new TreeSet<>(BY_AGE));
      lastTurns.put(priority, 0L);
    }
  }

  /** A lane that Redis has places of, none of which is known here. */
  void discover(String name, long now) {
    LaneQueue lane = byName.computeIfAbsent(name, any -> new LaneQueue(name, false, now));
    if (lane.mustBeFilled()) {
      hungry.add(lane);
    }
  }

  /** A place that became pending. */
  void offer(String place, long now) {
    String name = Lane.nameIn(place);
    LaneQueue lane = byName.get(name);
    if (lane == null) {
      lane = new LaneQueue(name, true, now);
      byName.put(name, lane);
      lane.offer(place);
      readyOf(lane).add(lane);
      return;
    }
    boolean wasReady = readyOf(lane).remove(lane);
    lane.offer(place);
    if (wasReady) {
      readyOf(lane).add(lane);
    }
  }

  /** Lanes whose places must be read before they can go on, at most {@code limit}. */
  List<LaneQueue> hungry(int limit) {
    return hungry.stream().limit(limit).toList();
  }

  void fill(LaneQueue lane, List<String> places, int asked) {
    hungry.remove(lane);
    lane.fill(places, asked);
    settle(lane);
  }

  /** The lane whose turn it is; null when none is ready. */
  @Nullable LaneQueue next(long now) {
    LaneQueue first = null;
    LaneQueue starving = null;
    for (TreeSet<LaneQueue> lanes : ready.values()) {
      if (lanes.isEmpty()) {
        continue;
      }
      LaneQueue oldest = lanes.first();
      if (first == null) {
        first = oldest;
      } else if (passedOver >= PATIENCE
          && now - oldest.waitingSince() >= STARVING_MS
          && (starving == null || lastTurn(oldest) <= lastTurn(starving))) {
        starving = oldest;
      }
    }
    return starving == null ? first : starving;
  }

  private long lastTurn(LaneQueue lane) {
    return Objects.requireNonNull(lastTurns.get(lane.lane().priority()));
  }

  /** Takes the lane's oldest place. */
  String take(LaneQueue lane, long now) {
    readyOf(lane).remove(lane);
    lastTurns.put(lane.lane().priority(), ++turns);
    passedOver = isAboveAnother(lane) && !isBelowAnother(lane) ? passedOver + 1 : 0;
    String place = lane.poll(now);
    settle(lane);
    return place;
  }

  private boolean isAboveAnother(LaneQueue lane) {
    return hasReady(other -> other.compareTo(lane.lane().priority()) > 0);
  }

  /** So that this is the turn of one that starved. */
  private boolean isBelowAnother(LaneQueue lane) {
    return hasReady(other -> other.compareTo(lane.lane().priority()) < 0);
  }

  private boolean hasReady(Predicate<Priority> which) {
    for (Map.Entry<Priority, TreeSet<LaneQueue>> lanes : ready.entrySet()) {
      if (!lanes.getValue().isEmpty() && which.test(lanes.getKey())) {
        return true;
      }
    }
    return false;
  }

  private void settle(LaneQueue lane) {
    if (lane.isUsedUp()) {
      byName.remove(lane.name());
    } else if (lane.mustBeFilled()) {
      hungry.add(lane);
    } else {
      readyOf(lane).add(lane);
    }
  }

  /** Nobody has credit for it. */
  void block(LaneQueue lane) {
    readyOf(lane).remove(lane);
    blocked.computeIfAbsent(keyOf(lane), any -> new HashSet<>()).add(lane);
  }

  /** This swarm can take more than before. */
  void unblockFor(Candidate candidate) {
    unblock(ANYBODY);
    candidate.capabilities().forEach(this::unblock);
  }

  void unblockAll() {
    List.copyOf(blocked.keySet()).forEach(this::unblock);
  }

  List<LaneQueue> blocked() {
    List<LaneQueue> all = new ArrayList<>();
    blocked.values().forEach(all::addAll);
    return all;
  }

  boolean hasBlocked() {
    return !blocked.isEmpty();
  }

  private void unblock(String capability) {
    Set<LaneQueue> waiting = blocked.remove(capability);
    if (waiting != null) {
      waiting.forEach(this::settle);
    }
  }

  /** Under one of its capabilities: whoever can take it has that one. */
  private static String keyOf(LaneQueue lane) {
    List<String> capabilities = lane.lane().capabilities();
    return capabilities.isEmpty() ? ANYBODY : capabilities.get(capabilities.size() - 1);
  }

  private TreeSet<LaneQueue> readyOf(LaneQueue lane) {
    return Objects.requireNonNull(ready.get(lane.lane().priority()));
  }
}
