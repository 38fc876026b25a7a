package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.tasks.distribution.FleetView.Choice;
import io.multiswarm.tasks.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Matches the tasks whose turn it is with the swarms whose turn it is. A call looks at {@link
 * #MOST_LOOKS} lanes at most beside those that it serves: many may be in front that nobody can
 * take.
 */
public record AssignmentPlanner(LaneBoard board, FleetView view) {

  private static final int MOST_LOOKS = 500;

  /**
   * What is to be assigned in one call.
   *
   * @param cursors where cycles stand then
   * @param isPartial whether there are lanes left that nobody looked at
   */
  public record Plan(List<Item> items, Map<String, String> cursors, boolean isPartial) {
    static final Plan NOTHING = new Plan(List.of(), Map.of(), false);

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
    int looks = 0;
    while (items.size() < most && looks < MOST_LOOKS && view.isReady()) {
      LaneQueue lane = board.next(now);
      if (lane == null) {
        break;
      }
      Choice choice = view.choose(lane.lane());
      if (choice == null) {
        board.block(lane, view.lacking(lane.lane()));
        looks++;
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
    return new Plan(items, cursors, looks == MOST_LOOKS);
  }
}
