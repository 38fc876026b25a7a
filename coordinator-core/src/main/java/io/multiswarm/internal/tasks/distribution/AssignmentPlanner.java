package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.tasks.distribution.FleetView.Choice;
import io.multiswarm.tasks.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matches the tasks whose turn it is with the swarms whose turn it is. */
public record AssignmentPlanner(LaneBoard board, FleetView view) {

  /**
   * What is to be assigned in one call.
   *
   * @param cursors where cycles stand then
   */
  public record Plan(List<Item> items, Map<String, String> cursors) {
    boolean isEmpty() {
      return items.isEmpty();
    }
  }

  public record Item(String swarmId, String place, String strategy) {
    String taskId() {
      return Lane.taskIn(place);
    }
  }

  Plan plan(int most, long now) {
    List<Item> items = new ArrayList<>();
    Map<String, String> cursors = new LinkedHashMap<>();
    while (items.size() < most) {
      LaneQueue lane = board.next(now);
      if (lane == null) {
        break;
      }
      Choice choice = view.choose(lane.lane());
      if (choice == null) {
        board.block(lane);
        continue;
      }
      String place = board.take(lane, now);
      view.serve(choice);
      items.add(new Item(choice.candidate().swarmId(), place, choice.ranked().strategy()));
      String cursor = choice.ranked().ranking().cursor();
      if (cursor != null) {
        cursors.put(choice.ranked().name(), cursor);
      }
    }
    return new Plan(items, cursors);
  }
}
