package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Priority;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
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
 * <p>A lane for which nobody has credit is blocked: it costs nothing until a swarm that has the
 * capability under which it waits can take something again. So is one whose places are not known
 * yet. Confined to one thread at a time.
 */
public final class LaneBoard {

  public static final int PATIENCE = 20;
  static final long STARVING_MS = 1_000;

  private static final Comparator<LaneQueue> BY_AGE =
      Comparator.comparing((LaneQueue lane) -> Objects.requireNonNullElse(lane.headTime(), ""))
          .thenComparing(LaneQueue::name);

  private final Map<String, LaneQueue> byName = new HashMap<>();
  private final EnumMap<Priority, TreeSet<LaneQueue>> ready = new EnumMap<>(Priority.class);
  private final Map<String, Set<LaneQueue>> blocked = new HashMap<>();
  private final EnumMap<Priority, Set<LaneQueue>> hungry = new EnumMap<>(Priority.class);
  private final Set<LaneQueue> unread = new LinkedHashSet<>();
  private final EnumMap<Priority, Long> lastTurns = new EnumMap<>(Priority.class);
  private long turns;
  private int passedOver;

  LaneBoard() {
    for (Priority priority : Priority.values()) {
      ready.put(priority, new TreeSet<>(BY_AGE));
      hungry.put(priority, new LinkedHashSet<>());
      lastTurns.put(priority, 0L);
    }
  }

  /** A lane that Redis has places of, none of which is known here. */
  void discover(String name, long now) {
    LaneQueue lane = byName.computeIfAbsent(name, any -> new LaneQueue(name, false, now));
    if (lane.mustBeFilled() && lane.lacking() == null) {
      hungryLike(lane).add(lane);
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

  /**
   * Lanes whose places must be read before they can go on, those of the highest priority first, at
   * most {@code limit}.
   */
  List<LaneQueue> hungry(int limit) {
    return hungry.values().stream().flatMap(Set::stream).limit(limit).toList();
  }

  boolean isHungry() {
    return hungry.values().stream().anyMatch(lanes -> !lanes.isEmpty());
  }

  /** Blocked lanes of which no place is known, so that nobody can tell of them; likewise. */
  List<LaneQueue> unread(int limit) {
    return unread.stream().limit(limit).toList();
  }

  void fill(LaneQueue lane, List<String> places, int asked) {
    hungryLike(lane).remove(lane);
    unread.remove(lane);
    lane.fill(places, asked);
    String lacking = lane.lacking();
    if (lacking == null) {
      settle(lane);
    } else if (lane.isUsedUp()) {
      byName.remove(lane.name());
      Set<LaneQueue> waiting = Objects.requireNonNull(blocked.get(lacking));
      waiting.remove(lane);
      if (waiting.isEmpty()) {
        blocked.remove(lacking);
      }
    }
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
      hungryLike(lane).add(lane);
    } else {
      readyOf(lane).add(lane);
    }
  }

  /**
   * Nobody has credit for it.
   *
   * @param lacking one of its capabilities, which whoever will be able to take it has
   */
  void block(LaneQueue lane, String lacking) {
    readyOf(lane).remove(lane);
    hungryLike(lane).remove(lane);
    lane.waitFor(lacking);
    if (lane.mustBeFilled()) {
      unread.add(lane);
    }
    blocked.computeIfAbsent(lacking, any -> new HashSet<>()).add(lane);
  }

  /** This swarm can take something, and could not before. */
  void unblockFor(Candidate candidate) {
    unblock(CapabilityIndex.ANYBODY, lane -> true);
    for (String capability : candidate.capabilities()) {
      unblock(capability, candidate::isAble);
    }
  }

  void unblockAll() {
    List.copyOf(blocked.keySet()).forEach(capability -> unblock(capability, lane -> true));
  }

  List<LaneQueue> blocked() {
    List<LaneQueue> all = new ArrayList<>();
    blocked.values().forEach(all::addAll);
    return all;
  }

  List<LaneQueue> all() {
    return List.copyOf(byName.values());
  }

  private void unblock(String capability, Predicate<Lane> which) {
    Set<LaneQueue> waiting = blocked.get(capability);
    if (waiting == null) {
      return;
    }
    Iterator<LaneQueue> lanes = waiting.iterator();
    while (lanes.hasNext()) {
      LaneQueue lane = lanes.next();
      if (which.test(lane.lane())) {
        lanes.remove();
        lane.waitFor(null);
        unread.remove(lane);
        settle(lane);
      }
    }
    if (waiting.isEmpty()) {
      blocked.remove(capability);
    }
  }

  private Set<LaneQueue> hungryLike(LaneQueue lane) {
    return Objects.requireNonNull(hungry.get(lane.lane().priority()));
  }

  private TreeSet<LaneQueue> readyOf(LaneQueue lane) {
    return Objects.requireNonNull(ready.get(lane.lane().priority()));
  }
}
