package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.tasks.distribution.Assigner.Outcome;
import io.multiswarm.internal.tasks.distribution.Assigner.State;
import io.multiswarm.internal.tasks.distribution.AssignmentPlanner.Plan;
import io.multiswarm.internal.tasks.distribution.Member.Credit;
import io.multiswarm.internal.tasks.store.Batches;
import io.multiswarm.tasks.TaskStrategy.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One leadership's distribution: rounds of at most {@link Batches#ASSIGNMENTS} assignments, as long
 * as there is something to assign and somebody to take it. Between rounds it rests until a
 * submission, credit or a return wakes it; wake-ups that come during a round are one.
 *
 * <p>The view and the board are read when the term begins, after signals may have been lost, and
 * every {@link #REREAD}; in between signals keep them. They are touched by rounds alone, which do
 * not overlap; signals wait in the inbox.
 *
 * <p>A round is short, and runs on whatever thread woke it, which may be that of a connection. When
 * it leaves something to do, or has much to read, the next one is the scheduler's.
 */
final class Term {

  private static final Duration REREAD = Duration.ofMinutes(2);
  private static final int LANES_AT_ONCE = 16;

  /** Fillings in a row, for the order of tasks, before those that are known go on. */
  private static final int MOST_FILLINGS = 32;

  /** What a round does at most without giving the thread away: well under a millisecond. */
  private static final int CHANGES_A_ROUND = 1_000;

  private static final int LANES_A_ROUND = 500;
  private static final int SWARMS_AT_ONCE = 100;

  private final TermStore store;
  private final FleetReader fleet;
  private final FleetView view;
  private final Scheduler scheduler;
  private final RoutingWatch routing;
  private final Inbox inbox = new Inbox();
  private LaneBoard board = new LaneBoard();
  private AssignmentPlanner planner;
  private boolean again;
  private boolean crowded;
  private int fillings;
  private boolean paused;
  private volatile @Nullable FluxSink<Boolean> wake;

  Term(TermStore store, FleetReader fleet, FleetView view, Scheduler scheduler) {
    this.store = store;
    this.fleet = fleet;
    this.view = view;
    this.scheduler = scheduler;
    this.routing = new RoutingWatch(store);
    this.planner = new AssignmentPlanner(board, view);
  }

  /** Ends with an error only: {@code FENCED}, or a call that failed; the next term reads anew. */
  Flux<?> run() {
    Flux<Boolean> wakes =
        Flux.create(
            sink -> {
              wake = sink;
              sink.next(true);
            },
            FluxSink.OverflowStrategy.LATEST);
    Flux<?> slow =
        Flux.interval(REREAD, scheduler).onBackpressureDrop().doOnNext(tick -> readAnew());
    Flux<?> routingTicks =
        Flux.interval(RoutingWatch.INTERVAL, scheduler)
            .onBackpressureDrop()
            .doOnNext(tick -> change(this::lookAtRouting));
    return Flux.merge(wakes.concatMap(any -> rounds(), 0), slow, routingTicks);
  }

  void pending(String place) {
    change(() -> board.offer(place, now()));
  }

  void credit(String swarmId, Credit credit) {
    change(() -> credited(swarmId, credit));
  }

  private void credited(String swarmId, Credit credit) {
    Candidate more = view.credit(swarmId, credit);
    if (more != null) {
      board.unblockFor(more);
    }
  }

  void load(String swarmId, int load) {
    inbox.add(() -> view.load(swarmId, load));
  }

  void left(String swarmId) {
    inbox.add(() -> view.forget(swarmId));
  }

  /** What it is able to do may be another now. */
  void changed(String swarmId) {
    change(() -> view.doubt(swarmId));
  }

  void useStrategy(String name) {
    change(
        () -> {
          view.useStrategy(name);
          board.unblockAll();
        });
  }

  /** Nobody is given tasks from now on, or may be again. */
  void pause(boolean on) {
    change(() -> paused = on);
  }

  void readAnew() {
    inbox.spoil();
    wake();
  }

  private void change(Runnable change) {
    inbox.add(change);
    wake();
  }

  private void wake() {
    FluxSink<Boolean> sink = wake;
    if (sink != null) {
      sink.next(true);
    }
  }

  private Mono<Void> rounds() {
    return Mono.defer(this::next).repeat(() -> again).then();
  }

  private Mono<Void> next() {
    boolean elsewhere = crowded || inbox.isStale();
    crowded = false;
    return elsewhere ? Mono.defer(this::round).subscribeOn(scheduler) : round();
  }

  /** One step; sets {@link #again} when another may find something to do. */
  private Mono<Void> round() {
    again = true;
    if (inbox.takeStale()) {
      return read();
    }
    if (!inbox.drain(CHANGES_A_ROUND)) {
      crowded = true;
      return Mono.empty();
    }
    List<String> unknown = view.takeUnknown(SWARMS_AT_ONCE);
    if (!unknown.isEmpty()) {
      return fleet.members(unknown).doOnNext(this::learn).then();
    }
    List<LaneQueue> hungry = fillings < MOST_FILLINGS ? takeable() : List.of();
    if (!hungry.isEmpty()) {
      fillings++;
      return fill(hungry);
    }
    fillings = 0;
    Plan plan = paused ? Plan.NOTHING : planner.plan(Batches.ASSIGNMENTS, now());
    crowded |= plan.isPartial();
    if (!plan.isEmpty()) {
      return store
          .assign(plan)
          .doOnNext(this::apply)
          // The view has counted on what was not assigned.
          .switchIfEmpty(Mono.fromRunnable(inbox::spoil))
          .then();
    }
    return crowded || board.isHungry() ? Mono.empty() : rest();
  }

  /** Lanes to be filled for who may take their tasks; the others wait until somebody may. */
  private List<LaneQueue> takeable() {
    List<LaneQueue> takeable = new ArrayList<>();
    for (LaneQueue lane : board.hungry(LANES_A_ROUND)) {
      if (!view.mayBeTaken(lane.lane())) {
        board.block(lane, view.lacking(lane.lane()));
      } else if (takeable.size() < LANES_AT_ONCE) {
        takeable.add(lane);
      }
    }
    crowded |= takeable.isEmpty() && board.isHungry();
    return takeable;
  }

  /** Nothing is to be assigned now: what must be told can be found out and told. */
  private Mono<Void> rest() {
    List<LaneQueue> unread = board.unread(LANES_AT_ONCE);
    again = !unread.isEmpty();
    return again ? fill(unread) : routing.tell();
  }

  private Mono<Void> fill(List<LaneQueue> lanes) {
    return Flux.fromIterable(lanes).flatMap(this::fill).then();
  }

  private void learn(List<Member> members) {
    members.forEach(view::learn);
    view.candidatesOf(members).forEach(board::unblockFor);
  }

  private Mono<Void> fill(LaneQueue lane) {
    return store
        .places(lane.name(), LaneQueue.AHEAD / 2)
        .doOnNext(places -> board.fill(lane, places, LaneQueue.AHEAD / 2))
        .then();
  }

  private void apply(Outcome outcome) {
    for (State state : outcome.states()) {
      if (state.isOpen()) {
        view.load(state.swarmId(), state.load());
        credited(state.swarmId(), state.credit());
      } else {
        // Whether it left or is paused is read; either way it is given nothing meanwhile.
        view.forget(state.swarmId());
        view.doubt(state.swarmId());
      }
    }
    outcome.rejected().forEach(place -> board.offer(place, now()));
  }

  private Mono<Void> read() {
    Mono<Void> strategy = store.strategy().doOnNext(view::useStrategy).then();
    Mono<Void> cursors = store.cursors().doOnNext(view::resume).then();
    Mono<Void> pause = store.isPaused().doOnNext(on -> paused = on).then();
    Mono<Void> members = fleet.members().publishOn(scheduler).doOnNext(view::learnAll).then();
    // What was read came on a connection's thread, and may be much.
    return strategy.then(pause).then(cursors).then(members).then(Mono.defer(this::readLanes));
  }

  private Mono<Void> readLanes() {
    return store
        .lanes()
        .publishOn(scheduler)
        .doOnNext(
            lanes -> {
              board = new LaneBoard();
              planner = new AssignmentPlanner(board, view);
              lanes.forEach(name -> board.discover(name, now()));
            })
        .then();
  }

  private void lookAtRouting() {
    routing.look(view.isReady() ? board.blocked() : board.all(), view);
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }
}
