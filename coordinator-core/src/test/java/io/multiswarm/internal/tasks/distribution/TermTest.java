package io.multiswarm.internal.tasks.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Priority;
import io.multiswarm.internal.tasks.distribution.Assigner.Outcome;
import io.multiswarm.internal.tasks.distribution.Assigner.State;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Item;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.TaskStrategies;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One leadership's distribution over a queue and a fleet that are the test's own. */
class TermTest {

  private static final String LANE = "1::";

  private final VirtualTime time = new VirtualTime();
  private final Queue store = new Queue();
  private final Members fleet = new Members();
  private final Term term =
      new Term(store, fleet, new FleetView(new Rankings(new TaskStrategies())), time.scheduler());
  private final List<Throwable> errors = new ArrayList<>();

  /** Assigns at once, or when the test lets it; counts every call. */
  private static final class Queue implements TermStore {
    final TreeSet<String> places = new TreeSet<>();
    final List<Plan> plans = new ArrayList<>();
    final List<Sinks.One<Outcome>> held = new ArrayList<>();
    boolean holding;
    boolean paused;
    int calls;
    List<String> told = List.of();

    @Override
    public Mono<String> strategy() {
      return counted(Mono.empty());
    }

    @Override
    public Mono<Boolean> isPaused() {
      return counted(Mono.fromSupplier(() -> paused));
    }

    @Override
    public Mono<Map<String, String>> cursors() {
      return counted(Mono.just(Map.of()));
    }

    @Override
    public Mono<Set<String>> lanes() {
      return counted(Mono.fromSupplier(() -> places.isEmpty() ? Set.of() : Set.of(LANE)));
    }

    @Override
    public Mono<List<String>> places(String lane, int most) {
      return counted(Mono.fromSupplier(() -> places.stream().limit(most).toList()));
    }

    @Override
    public Mono<Outcome> assign(Plan plan) {
      if (paused) {
        return counted(Mono.empty());
      }
      plans.add(plan);
      plan.items().forEach(item -> places.remove(item.place()));
      Sinks.One<Outcome> end = Sinks.one();
      held.add(end);
      if (!holding) {
        end.tryEmitValue(new Outcome(List.of(), List.of())).orThrow();
      }
      return counted(end.asMono());
    }

    @Override
    public Mono<Void> tellUnroutable(long waiting, List<String> events) {
      told = events;
      return counted(Mono.empty());
    }

    private <T> Mono<T> counted(Mono<T> call) {
      calls++;
      return call;
    }

    List<String> assigned() {
      return plans.stream().flatMap(plan -> plan.items().stream()).map(Item::taskId).toList();
    }
  }

  private static final class Members implements FleetReader {
    final List<Member> attached = new ArrayList<>();

    @Override
    public Mono<List<Member>> members() {
      return Mono.fromSupplier(() -> List.copyOf(attached));
    }

    @Override
    public Mono<List<Member>> members(Collection<String> swarmIds) {
      return members()
          .map(all -> all.stream().filter(one -> swarmIds.contains(one.swarmId())).toList());
    }
  }

  private static String place(String task) {
    return LANE + "|0000000000000001|" + task;
  }

  private void swarm(String id, int credit) {
    fleet.attached.add(
        new Member(id, Priority.NORMAL, Set.of(), new Credit(1, credit, 0), 0, false));
  }

  private Disposable begin() {
    Disposable running = term.run().subscribe(any -> {}, errors::add);
    settle();
    return running;
  }

  private void settle() {
    time.advance(Duration.ZERO);
  }

  @AfterEach
  void endTime() {
    time.close();
  }

  @Test
  void term_withoutCredit_assignsNothingAndAsksNothing() {
    swarm("w", 0);
    store.places.add(place("t1"));
    begin();
    // The first look at the routing corrects what the leader before may have counted.
    time.advance(RoutingWatch.INTERVAL);
    int calls = store.calls;
    time.advance(Duration.ofMillis(28_900));
    assertThat(store.plans).isEmpty();
    assertThat(store.calls).as("calls to Redis in a rest of 28.9 s").isEqualTo(calls);
  }

  /** So that what is promised of the time between both is a matter of round trips alone. */
  @Test
  void credit_comingToWaitingTasks_isUsedWithoutAnyTimer() {
    swarm("w", 0);
    store.places.add(place("t1"));
    begin();
    time.advance(Duration.ofSeconds(5));
    Duration now = time.elapsed();
    term.credit("w", new Credit(1, 1, 0));
    assertThat(store.assigned()).containsExactly("t1");
    assertThat(time.elapsed()).isEqualTo(now);
  }

  @Test
  void task_comingToWaitingCredit_isAssignedWithoutAnyTimer() {
    swarm("w", 2);
    begin();
    store.places.add(place("t1"));
    term.pending(place("t1"));
    assertThat(store.assigned()).containsExactly("t1");
  }

  @Test
  void wakeUps_duringARound_areOne() {
    swarm("w", 1_000);
    begin();
    store.holding = true;
    for (int i = 0; i < 100; i++) {
      term.pending(place("t" + i));
    }
    assertThat(store.plans).hasSize(1);
    store.holding = false;
    store.held.get(0).tryEmitValue(new Outcome(List.of(), List.of())).orThrow();
    assertThat(store.plans).hasSize(2);
    assertThat(store.plans.get(1).items()).hasSize(99);
  }

  @Test
  void rejectedTask_isOfferedToTheNext() {
    swarm("a", 1);
    begin();
    store.holding = true;
    term.pending(place("t1"));
    State gone = new State("a", new Credit(0, 0, 0), 0);
    fleet.attached.clear();
    store.holding = false;
    store.held.get(0).tryEmitValue(new Outcome(List.of(place("t1")), List.of(gone))).orThrow();
    assertThat(store.plans).hasSize(1);
    swarm("b", 1);
    term.credit("b", new Credit(1, 1, 0));
    assertThat(store.plans.get(1).items())
        .containsExactly(new Item("b", place("t1"), TaskStrategies.LEAST_LOADED));
  }

  @Test
  void task_whoseSignalWasLost_isFoundByTheSlowLook() {
    swarm("w", 1);
    begin();
    store.places.add(place("t1"));
    time.advance(Duration.ofMinutes(2));
    assertThat(store.assigned()).containsExactly("t1");
  }

  @Test
  void swarmThatLeft_isGivenNothing() {
    swarm("w", 1);
    begin();
    term.left("w");
    term.pending(place("t1"));
    assertThat(store.plans).isEmpty();
  }

  @Test
  void task_thatNobodyIsAbleToTake_isTold() {
    swarm("w", 1);
    begin();
    term.pending("1::magic|0000000000000001|t1");
    time.advance(RoutingWatch.INTERVAL);
    assertThat(store.told).singleElement().asString().contains("magic", "t1");
  }

  @Test
  void term_fenced_ends() {
    swarm("w", 1);
    begin();
    store.holding = true;
    term.pending(place("t1"));
    store.held.get(0).tryEmitError(TaskRefusals.leadershipOver(1)).orThrow();
    assertThat(errors)
        .singleElement()
        .matches(error -> CoordinationException.is(error, ErrorCode.FENCED));
    term.pending(place("t2"));
    assertThat(store.plans).hasSize(1);
  }

  @Test
  void term_pausedWhileItPlans_readsAnewAndWaitsForTheEnd() {
    swarm("w", 2);
    store.places.add(place("t1"));
    store.paused = true;
    begin();
    int calls = store.calls;
    term.pending(place("t2"));
    settle();
    assertThat(store.assigned()).isEmpty();
    assertThat(store.calls).isEqualTo(calls);

    store.paused = false;
    term.pause(false);
    settle();
    assertThat(store.assigned()).containsExactly("t1", "t2");
  }

  /** The script knew of the pause before the signal came. */
  @Test
  void term_toldOfThePauseByTheScript_asksNoMore() {
    swarm("w", 2);
    begin();
    store.paused = true;
    store.places.add(place("t1"));
    term.pending(place("t1"));
    settle();
    int calls = store.calls;
    term.pending(place("t2"));
    settle();
    assertThat(store.assigned()).isEmpty();
    assertThat(store.calls).isEqualTo(calls);
    assertThat(errors).isEmpty();
  }
}
