package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Finds lanes whose tasks no attached swarm can take, with credit or without, and tells of each
 * once: an event on {@code swarm:tasks} when it begins, and a count in the statistics.
 */
final class RoutingWatch {

  static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int EVENTS_A_CALL = 50;

  /** Lanes for which swarms are compared one by one; the verdict of others stays for a look. */
  private static final int LANES_COMPARED = 200;

  private final TermStore store;
  private final Set<String> told = new HashSet<>();
  private final List<String> events = new ArrayList<>();
  private long waiting = -1;
  private boolean changed;

  RoutingWatch(TermStore store) {
    this.store = store;
  }

  /**
   * Compares the lanes that nobody takes now with the swarms; {@link #tell} then tells what
   * changed.
   */
  void look(List<LaneQueue> blocked, FleetView view) {
    Set<String> stuck = new HashSet<>();
    long tasks = 0;
    int compared = 0;
    for (LaneQueue lane : blocked) {
      boolean known = lane.mustBeFilled() || view.isEmpty() || view.lacksAnybody(lane.lane());
      compared += known ? 0 : 1;
      if (compared <= LANES_COMPARED ? isStuck(lane, view) : told.contains(lane.name())) {
        stuck.add(lane.name());
        tasks += lane.size();
        if (!told.contains(lane.name()) && events.size() < EVENTS_A_CALL) {
          told.add(lane.name());
          events.add(event(lane));
        }
      }
    }
    told.retainAll(stuck);
    changed |= tasks != waiting && (tasks > 0 || waiting != 0) || !events.isEmpty();
    waiting = tasks;
  }

  /** A lane of which no place is known yet is told of when it is. */
  private static boolean isStuck(LaneQueue lane, FleetView view) {
    return !lane.mustBeFilled() && !view.isEmpty() && !view.isRoutable(lane.lane());
  }

  Mono<Void> tell() {
    if (!changed) {
      return Mono.empty();
    }
    return store
        .tellUnroutable(waiting, List.copyOf(events))
        .doOnSuccess(
            done -> {
              events.clear();
              changed = false;
            });
  }

  private static String event(LaneQueue lane) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("capabilities", lane.lane().capabilities());
    data.put("priority", lane.lane().priority().word());
    data.put("tasks", lane.size());
    String head = lane.head();
    if (head != null) {
      data.put("taskId", Lane.taskIn(head));
    }
    return Json.of(data).toString();
  }
}
