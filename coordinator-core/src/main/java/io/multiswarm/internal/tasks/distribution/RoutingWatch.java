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
  private static final int LANES_A_LOOK = 200;

  private final TermStore store;
  private final Set<String> told = new HashSet<>();
  private final List<String> events = new ArrayList<>();
  private long waiting = -1;
  private boolean changed;

  RoutingWatch(TermStore store) {
    this.store = store;
  }

  /** Compares the blocked lanes with the swarms; {@link #tell} then tells what changed. */
  void look(List<LaneQueue> blocked, FleetView view) {
    Set<String> stuck = new HashSet<>();
    long tasks = 0;
    for (LaneQueue lane : blocked.subList(0, Math.min(blocked.size(), LANES_A_LOOK))) {
      if (!view.isEmpty() && !view.isRoutable(lane.lane())) {
        stuck.add(lane.name());
        tasks += lane.size();
        if (told.add(lane.name()) && events.size() < EVENTS_A_CALL) {
          events.add(event(lane));
        }
      }
    }
    told.retainAll(stuck);
    changed |= tasks != waiting && (tasks > 0 || waiting != 0) || !events.isEmpty();
    waiting = tasks;
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
