package io.multiswarm.internal.tasks.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Capabilities;
import io.multiswarm.common.Priority;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Item;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.tasks.TaskStrategy;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import io.multiswarm.tasks.TaskStrategy.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The strategies and the order of the queue, on a fleet and a board of the test's own. */
class AssignmentPlannerTest {

  private final TaskStrategies strategies = new TaskStrategies();
  private final Rankings rankings = new Rankings(strategies);
  private final FleetView view = new FleetView(rankings);
  private final LaneBoard board = new LaneBoard();
  private final AssignmentPlanner planner = new AssignmentPlanner(board, view);
  private final Map<String, Lane> laneOf = new HashMap<>();
  private int submitted;

  private void swarm(String id, Priority priority, int load, int credit, String... able) {
    view.learn(new Member(id, priority, Set.of(able), new Credit(1, credit, 0), load, false));
  }

  private String task(Priority priority, String strategy, String... required) {
    Lane lane = new Lane(priority, strategy, Capabilities.check("capabilities", List.of(required)));
    String id = "t" + submitted;
    laneOf.put(id, lane);
    board.offer(lane.name() + '|' + String.format("%016d", submitted++) + '|' + id, 0);
    return id;
  }

  private List<String> swarmsOf(Plan plan) {
    return plan.items().stream().map(Item::swarmId).toList();
  }

  private List<String> tasksOf(Plan plan) {
    return plan.items().stream().map(Item::taskId).toList();
  }

  @Test
  void leastLoaded_unequalLoads_evensThemOut() {
    swarm("a", Priority.NORMAL, 3, 10);
    swarm("b", Priority.NORMAL, 0, 10);
    swarm("c", Priority.NORMAL, 1, 10);
    for (int i = 0; i < 5; i++) {
      task(Priority.NORMAL, "least_loaded");
    }
    assertThat(swarmsOf(planner.plan(64, 0))).containsExactly("b", "c", "b", "c", "b");
  }

  @Test
  void leastLoaded_equalLoads_goesToTheLongestWithout() {
    swarm("a", Priority.NORMAL, 0, 10);
    swarm("b", Priority.NORMAL, 0, 10);
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      task(Priority.NORMAL, "");
      chosen.addAll(swarmsOf(planner.plan(64, 0)));
      view.load("a", 0);
      view.load("b", 0);
    }
    assertThat(chosen).containsExactly("a", "b", "a", "b");
  }

  @Test
  void roundRobin_resumed_goesOnAfterTheCursor() {
    rankings.resume(Map.of("round_robin::", "b"));
    for (String id : List.of("a", "b", "c", "d")) {
      swarm(id, Priority.NORMAL, id.equals("d") ? 9 : 0, 10);
    }
    for (int i = 0; i < 6; i++) {
      task(Priority.NORMAL, "round_robin");
    }
    Plan plan = planner.plan(64, 0);
    assertThat(swarmsOf(plan)).containsExactly("c", "d", "a", "b", "c", "d");
    assertThat(plan.cursors()).containsEntry("round_robin::", "d");
  }

  @Test
  void priority_peersWithoutCredit_takesTheOthers() {
    swarm("high", Priority.HIGH, 5, 1);
    swarm("n1", Priority.NORMAL, 1, 5);
    swarm("n2", Priority.LOW, 0, 5);
    task(Priority.HIGH, "priority");
    task(Priority.HIGH, "priority");
    assertThat(swarmsOf(planner.plan(64, 0))).containsExactly("high", "n2");
  }

  @Test
  void capability_equallyLoaded_takesTheMostSpecial() {
    swarm("generalist", Priority.NORMAL, 0, 5, "a", "b", "c");
    swarm("specialist", Priority.NORMAL, 0, 5, "a");
    swarm("unable", Priority.NORMAL, 0, 5, "b");
    task(Priority.NORMAL, "capability", "a");
    task(Priority.NORMAL, "capability", "a");
    task(Priority.NORMAL, "capability", "a");
    assertThat(swarmsOf(planner.plan(64, 0)))
        .containsExactly("specialist", "generalist", "specialist");
  }

  @Test
  void queue_always_goesByPriorityThenTime() {
    task(Priority.LOW, "");
    task(Priority.NORMAL, "");
    task(Priority.NORMAL, "round_robin");
    task(Priority.HIGH, "");
    swarm("a", Priority.NORMAL, 0, 10);
    assertThat(tasksOf(planner.plan(64, 0))).containsExactly("t3", "t1", "t2", "t0");
  }

  @Test
  void low_besideEndlessHigh_isServedInTheEnd() {
    String low = task(Priority.LOW, "");
    swarm("a", Priority.NORMAL, 0, 1_000);
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      task(Priority.HIGH, "");
      served.addAll(tasksOf(planner.plan(1, 2_000 + i)));
    }
    assertThat(served.indexOf(low)).isBetween(LaneBoard.PATIENCE - 1, 2 * LaneBoard.PATIENCE);
  }

  /** Lanes of one priority together must not take the turns of all others. */
  @Test
  void high_besideManyStarvingNormalLanes_keepsMostTurnsAndLowGetsSome() {
    int lanes = 200;
    String[] words = IntStream.range(0, lanes).mapToObj(i -> "c" + i).toArray(String[]::new);
    swarm("a", Priority.NORMAL, 0, 1_000_000, words);
    for (int i = 0; i < 50 * lanes; i++) {
      task(Priority.NORMAL, "", words[i % lanes]);
    }
    List<String> lows = IntStream.range(0, 10).mapToObj(i -> task(Priority.LOW, "")).toList();
    List<String> served = new ArrayList<>();
    List<String> highs = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      highs.add(task(Priority.HIGH, ""));
      served.addAll(tasksOf(planner.plan(1, 2_000 + 50L * i)));
    }
    assertThat(served).hasSize(2_000).containsAll(lows);
    assertThat(served.stream().filter(highs::contains))
        .hasSizeGreaterThan(2_000 * LaneBoard.PATIENCE / (LaneBoard.PATIENCE + 1) - 10);
    assertThat(lanesServed(served)).as("normal lanes in turn").isGreaterThan(20);
  }

  private long lanesServed(List<String> served) {
    return served.stream()
        .map(laneOf::get)
        .filter(lane -> lane.priority() == Priority.NORMAL)
        .distinct()
        .count();
  }

  @Test
  void unroutable_always_blocksNobody() {
    task(Priority.HIGH, "", "magic");
    String other = task(Priority.LOW, "");
    swarm("a", Priority.NORMAL, 0, 10);
    assertThat(tasksOf(planner.plan(64, 0))).containsExactly(other);
    assertThat(board.blocked()).hasSize(1);
    swarm("wizard", Priority.NORMAL, 0, 1, "magic");
    board.unblockFor(new Candidate("wizard", Priority.NORMAL, Set.of("magic"), 0, 1, 0));
    assertThat(swarmsOf(planner.plan(64, 0))).containsExactly("wizard");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void plans_ofRandomFleets_keepCreditAndCapabilities(long seed) {
    Random random = new Random(seed);
    List<String> words = List.of("a", "b", "c", "d");
    List<String> strategies = List.of("", "least_loaded", "round_robin", "priority", "capability");
    Map<String, Integer> credit = new HashMap<>();
    Map<String, Set<String>> able = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      String[] has = words.stream().filter(w -> random.nextBoolean()).toArray(String[]::new);
      int n = random.nextInt(6);
      credit.put("s" + i, n);
      able.put("s" + i, Set.of(has));
      swarm("s" + i, Priority.values()[random.nextInt(3)], random.nextInt(4), n, has);
    }
    for (int i = 0; i < 300; i++) {
      String[] needs = words.stream().filter(w -> random.nextInt(4) == 0).toArray(String[]::new);
      task(
          Priority.values()[random.nextInt(3)],
          strategies.get(random.nextInt(strategies.size())),
          needs);
    }
    int assigned = 0;
    for (Plan plan = planner.plan(7, 0); !plan.isEmpty(); plan = planner.plan(7, 0)) {
      for (Item item : plan.items()) {
        assigned++;
        assertThat(credit.merge(item.swarmId(), -1, Integer::sum)).isNotNegative();
        assertThat(able.get(item.swarmId())).containsAll(laneOf.get(item.taskId()).capabilities());
        laneOf.remove(item.taskId());
      }
    }
    assertThat(assigned).isPositive();
    // Whoever still has credit can do none of what is left.
    credit.forEach(
        (swarm, left) -> {
          if (left > 0) {
            assertThat(laneOf.values())
                .noneMatch(lane -> able.get(swarm).containsAll(lane.capabilities()));
          }
        });
  }

  /** Anybody can make as many lanes as there are tasks, and few of them are anybody's concern. */
  @Test
  void lanes_thatNobodyIsAbleToTake_costNothingWhenCreditComes() {
    AtomicInteger rankingsMade = new AtomicInteger();
    strategies.register(counting(rankingsMade));
    for (int i = 0; i < 500; i++) {
      swarm("s" + i, Priority.NORMAL, 0, 1, "common");
    }
    for (int i = 0; i < 20_000; i++) {
      task(Priority.HIGH, "counting", "common", "a" + i, "z" + i);
    }
    String task = task(Priority.LOW, "", "common");

    int plans = 0;
    Plan plan = planner.plan(64, 0);
    for (; plan.isPartial(); plan = planner.plan(64, 0)) {
      plans++;
      assertThat(plan.items()).isEmpty();
    }
    assertThat(plans).as("a call is short").isGreaterThanOrEqualTo(20);
    assertThat(tasksOf(plan)).containsExactly(task);
    assertThat(rankingsMade).hasValue(0);

    board.unblockFor(new Candidate("s1", Priority.NORMAL, Set.of("common"), 0, 1, 0));
    assertThat(board.blocked()).hasSize(20_000);
  }

  private static TaskStrategy counting(AtomicInteger made) {
    return new TaskStrategy() {
      @Override
      public String name() {
        return "counting";
      }

      @Override
      public Ranking ranking(Lane lane, @Nullable String cursor) {
        made.incrementAndGet();
        return new TaskStrategies().leastLoaded().ranking(lane, cursor);
      }
    };
  }

  /** What is ready and waits for credit is not looked at again with each credit that comes. */
  @Test
  void credit_forOneOfManyLanes_leavesTheOthersReady() {
    for (int i = 0; i < 2_000; i++) {
      task(Priority.NORMAL, "", "a", i % 2 == 0 ? "b" : "c");
    }
    swarm("s", Priority.NORMAL, 0, 1, "a", "b", "c");

    assertThat(tasksOf(planner.plan(64, 0))).containsExactly("t0");
    assertThat(board.blocked()).isEmpty();
    view.credit("s", new Credit(1, 2, 1));
    assertThat(tasksOf(planner.plan(64, 0))).containsExactly("t1");
  }

  @Test
  void plan_ofTenThousandSwarms_isEven() {
    for (int i = 0; i < 10_000; i++) {
      swarm("s" + i, Priority.NORMAL, 0, 100);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      task(Priority.NORMAL, "");
      planner.plan(64, 0).items().forEach(item -> counts.merge(item.swarmId(), 1, Integer::sum));
    }
    assertThat(counts).hasSize(10_000);
    assertThat(counts.values()).allMatch(count -> count == 10);
  }
}
