package io.multiswarm.load.chaos;

import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiescence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run: everybody at work, fault after fault, until all is done; then the reckoning. */
final class ChaosRun {

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
  private static final Duration BETWEEN_INQUIRIES = Duration.ofSeconds(1);
  private static final int SLOW_ONE_IN = 4;
  private static final List<String> STRATEGIES = List.of("", "round_robin");

  private final ChaosContext context;
  private final Terrain terrain;
  private final LeadershipLedger leaderships;
  private final TaskNumbers numbers;
  private final TaskInquiry inquiry;
  private final Onlooker onlooker;
  private long completedBefore;

  ChaosRun(ChaosContext context, Terrain terrain, LeadershipLedger leaderships, Onlooker onlooker) {
    this.context = context;
    this.terrain = terrain;
    this.leaderships = leaderships;
    this.numbers =
        new TaskNumbers(
            context.plan().tasks(),
            context.plan().crowd().perSecond(),
            context.seen(),
            context.clock());
    this.onlooker = onlooker;
    this.inquiry = new TaskInquiry(context);
  }

  Mono<Report> report() {
    ChaosScenario.Plan plan = context.plan();
    context
        .scenario()
        .say(
            "%nchaos: %,d tasks, %,d swarms, %d servers, %d faults (%s), Redis: %s, seed %d%n",
            plan.tasks(),
            plan.crowd().swarms(),
            plan.servers().count(),
            plan.faults().count(),
            plan.faults().family(),
            plan.servers().topology(),
            plan.seed());
    return context
        .slots()
        .start()
        .then(Mono.defer(this::survived))
        .flatMap(
            nanos ->
                inquiry
                    .audit()
                    .then(inquiry.leftOver())
                    .map(left -> new ChaosSummary(context, leaderships, left).report(nanos))
                    .doOnNext(onlooker::addTo));
  }

  /** How long it took. */
  private Mono<Long> survived() {
    List<WorkerSession> workers = workers();
    var injector =
        new FaultInjector(
            context, new Strikes(context, terrain, workers, numbers::areAllTaken), numbers);
    long began = context.now();
    Mono<Void> done =
        Mono.when(
                injector.strikeAll(),
                Flux.fromIterable(submitters()).flatMap(SubmitterSession::run))
            .then(quiet());
    // Those at work never end by themselves, and a failure of theirs would be a defect of ours.
    return Progress.each(BETWEEN_LINES, context.scenario(), this::share, this::line)
        .during(
            Mono.firstWithSignal(
                done,
                stalled(),
                Flux.fromIterable(workers).flatMap(WorkerSession::run, workers.size()).then(),
                inquiries(),
                onlooker.watch(context.slots(), terrain.redis(), context.scenario())))
        .then(Mono.fromSupplier(() -> context.now() - began));
  }

  /**
   * When so much is lost that nothing is left to go on with, no fault and no task comes any more.
   */
  private Mono<Void> stalled() {
    return Quiescence.reached(
        () -> false, context.seen()::completedCount, context.plan().patience(), context.clock());
  }

  private Mono<Void> quiet() {
    return Quiescence.reached(
        context.seen().ledger()::isQuiet,
        context.seen()::completedCount,
        context.plan().patience(),
        context.clock());
  }

  private Mono<Void> inquiries() {
    return Flux.interval(BETWEEN_INQUIRIES, context.clock())
        .onBackpressureDrop()
        .concatMap(tick -> inquiry.settle(), 1)
        .then();
  }

  private List<WorkerSession> workers() {
    ChaosScenario.Crowd crowd = context.plan().crowd();
    String run = "chaos-%06x-".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    List<WorkerSession> workers = new ArrayList<>();
    for (int i = 0; i < crowd.sessions(); i++) {
      int size = Math.min(crowd.perSession(), crowd.swarms() - i * crowd.perSession());
      workers.add(new WorkerSession(context, run + i, size, i % SLOW_ONE_IN == 0));
    }
    return workers;
  }

  private List<SubmitterSession> submitters() {
    return STRATEGIES.stream()
        .map(strategy -> new SubmitterSession(context, numbers, strategy))
        .toList();
  }

  private double share() {
    return context.seen().completedCount() / (double) context.plan().tasks();
  }

  private String line() {
    long completed = context.seen().completedCount();
    double perSecond = (completed - completedBefore) / (double) BETWEEN_LINES.toSeconds();
    completedBefore = completed;
    context.scenario().tell("completed, tasks a second", perSecond);
    Percentiles times = context.seen().times().interval();
    context.scenario().tell("p99 from submitted to completed, latency in ms", times.p99());
    long unexpected = context.seen().unexpected().values().stream().mapToLong(one -> one).sum();
    return String.format(
        Locale.ROOT,
        "accepted %,9d   completed %,9d (%,7.0f/s)   p99 %8.2f ms   unfinished %,7d%s",
        context.seen().acceptedCount(),
        completed,
        perSecond,
        times.p99(),
        context.seen().unfinished(),
        unexpected == 0 ? "" : "   unexpected %,d".formatted(unexpected));
  }
}
