package io.multiswarm.internal.election;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Election;
import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.registry.SwarmSignal;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The election over a lease in Redis: an interval, merged with all that tells sooner. Announcements
 * of other nodes, swarms that come and go here, the end of a lease, and the answers of Redis each
 * become one event; after each event {@link ElectionState} says which call is due.
 *
 * <p><b>Concurrency.</b> Everything that reads or writes the state is a task of one {@link
 * Scheduler.Worker}, which runs its tasks one after the other: the state needs no lock, and {@link
 * ElectionView} has one writer. Other threads only submit tasks and read that view. One call to
 * Redis is under way at most, so answers cannot overtake each other; what happens meanwhile is
 * remembered by the state, and the own lease ends on time whether or not an answer comes.
 */
public final class DefaultElection implements Election {

  private static final Logger log = LoggerFactory.getLogger(DefaultElection.class);

  /** Who waits longer for Redis to confirm gains nothing: the lease runs out by itself. */
  private static final Duration RESIGNATION = Duration.ofSeconds(2);

  private final String nodeId;
  private final AttachedSwarms holdings;
  private final LeaseStore store;
  private final ElectionTiming timing;
  private final ElectionState state;
  private final ElectionCalls calls;
  private final ElectionView view;
  private final Scheduler scheduler;
  private final Scheduler.Worker worker;
  private final AttachedSwarms.Listener departures = new Departures();

  private final Sinks.Empty<Void> outOfOffice = Sinks.empty();
  private final Disposable.Swap timer = Disposables.swap();
  private final Disposable.Swap ticks = Disposables.swap();
  private final LongAdder scripts = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private boolean calling;
  private boolean resigning;

  /** Listens to signals and holdings from now on; stands for election once started. */
  public DefaultElection(NodeContext context) {
    this(
        context.nodeId(),
        context.holdings(),
        new RedisLeaseStore(context),
        ElectionTiming.of(
            context.options().liveness(), () -> ThreadLocalRandom.current().nextDouble()),
        context.scheduler());
    context.signals().on(LeaderSignal.KIND, this::heard);
    context.signals().onReset(this::signalsReset);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.DETACHED, this::gone);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.INTERRUPTED, this::gone);
    SwarmSignal.on(context.signals(), SwarmSignal.Kind.ENDED, this::gone);
  }

  DefaultElection(
      String nodeId,
      AttachedSwarms holdings,
      LeaseStore store,
      ElectionTiming timing,
      Scheduler scheduler) {
    this.nodeId = nodeId;
    this.holdings = holdings;
    this.store = store;
    this.timing = timing;
    this.state = new ElectionState(timing, holdings);
    this.calls = new ElectionCalls(nodeId, store, state, this::now);
    this.view = new ElectionView(nodeId);
    this.scheduler = scheduler;
    this.worker = scheduler.createWorker();
    holdings.listen(departures);
  }

  /** Begins to tick, and to learn who leads. */
  public void start() {
    ticks.update(
        Flux.interval(timing.firstTick(), timing.interval(), scheduler)
            .onBackpressureDrop()
            .subscribe(tick -> perform(() -> state.ticked(now()))));
    signalsReset();
  }

  /** Ends everything at once; {@link #resign} first, or the lease must run out. */
  public void stop() {
    ticks.dispose();
    timer.dispose();
    holdings.unlisten(departures);
    submit(
        () -> {
          view.end();
          worker.dispose();
        });
  }

  @Override
  public Flux<Leadership> leadership() {
    return view.leadership();
  }

  @Override
  public Leadership current() {
    return view.at(now());
  }

  @Override
  public Mono<LeaderInfo> leader() {
    return store.look();
  }

  @Override
  public void fenced(long epoch) {
    perform(() -> state.fenced(epoch, now()));
  }

  @Override
  public Mono<Void> resign() {
    return Mono.defer(
            () -> {
              perform(
                  () -> {
                    resigning = true;
                    state.resign();
                  });
              return outOfOffice.asMono();
            })
        .timeout(RESIGNATION, Mono.error(DefaultElection::unconfirmed), scheduler);
  }

  private static CoordinationException unconfirmed() {
    return CoordinationException.of(
        ErrorCode.UNAVAILABLE,
        "Redis has not confirmed that leadership was released; it passes when the lease runs out");
  }

  @Override
  public ElectionStatistics statistics() {
    return view.statistics(now(), scripts.sum(), failures.sum());
  }

  void heard(String text) {
    LeaderSignal.parse(text)
        .ifPresentOrElse(
            signal -> perform(() -> heard(signal)),
            this::signalsReset); // from a newer program perhaps: what it tells can be asked for
  }

  /** A swarm that was detached here will not come back: taken over, interrupted or ended. */
  void gone(SwarmSignal signal) {
    perform(() -> state.gone(signal.swarmId()));
  }

  void signalsReset() {
    perform(() -> state.disconnected(now()));
  }

  private void heard(LeaderSignal signal) {
    if (signal instanceof LeaderSignal.Released released) {
      state.vacated(released.epoch(), now());
    } else if (signal instanceof LeaderSignal.Taken taken && !calls.isHere(taken.leader())) {
      state.announced(taken.leader(), now());
    }
  }

  private void perform(Runnable event) {
    submit(
        () -> {
          event.run();
          proceed();
        });
  }

  private void submit(Runnable task) {
    schedule(task, 0);
  }

  private Disposable schedule(Runnable task, long delayNanos) {
    try {
      return worker.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Stopped: nothing that happens now concerns this election any more.
      log.trace("The election has ended, and perhaps its threads with it", e);
      return Disposables.disposed();
    }
  }

  private void proceed() {
    Duration now = now();
    if (calling) {
      state.expire(now);
    } else {
      ElectionState.Step step = state.next(now);
      // Before the call: who gives leadership up has stopped to act by it when Redis is told.
      view.show(state.known());
      if (step != ElectionState.Step.REST) {
        call(step);
      }
    }
    view.show(state.known());
    if (resigning && !calling && state.isOutOfOffice()) {
      outOfOffice.tryEmitEmpty(); // a repetition fails, rightly
    }
    timer.update(
        state
            .wakeAt(now)
            .map(at -> schedule(this::proceed, nanos(at, now)))
            .orElseGet(Disposables::disposed));
  }

  private void call(ElectionState.Step step) {
    calling = true;
    scripts.increment();
    state.sent();
    calls
        .make(step)
        .onErrorResume(error -> Mono.just(() -> failed(step, error)))
        .subscribe(
            effect ->
                perform(
                    () -> {
                      calling = false;
                      effect.run();
                    }));
  }

  private void failed(ElectionState.Step step, Throwable error) {
    failures.increment();
    if (!state.isFailing()) {
      PassingFailures.tell(log, "Node " + nodeId + ": " + step + " failed, trying again", error);
    }
    state.failed(now());
  }

  private Duration now() {
    return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS));
  }

  private static long nanos(Duration at, Duration now) {
    return at.minus(now).toNanos();
  }

  private final class Departures implements AttachedSwarms.Listener {

    @Override
    public void attached(AttachedSwarms.Held held) {
      perform(() -> {}); // a candidate: the state looks for itself
    }

    @Override
    public void lost(AttachedSwarms.Held held, String reason) {
      perform(
          () -> {
            if (reason.equals(AttachedSwarms.SESSION_LOST)) {
              state.detached(held.swarmId(), now());
            } else {
              state.gone(held.swarmId());
            }
          });
    }
  }
}
