package io.multiswarm.load.chaos;

import io.multiswarm.load.judge.LeadershipLedger;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Progress;
import io.multiswarm.load.scenario.Quiet;
import io.multiswarm.load.target.RedisProcess;
import io.multiswarm.load.witness.RedisEar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run: everybody at work, blow after blow, until all is done; then the reckoning. */
final class ChaosRun {

  /** How long nothing may be completed, in the end, before what is missing is lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final Duration BETWEEN_INQUIRIES = Duration.ofSeconds(1);
  private static final int SLOW_ONE_IN = 4;
  private static final List<String> STRATEGIES = List.of("", "round_robin");

  private final Ground ground;
  private final RedisProcess redis;
  private final RedisEar ear;
  private final LeadershipLedger leaderships;
  private final Numbers numbers;
  private final Inquiry inquiry;

  ChaosRun(Ground ground, RedisProcess redis, RedisEar ear, LeadershipLedger leaderships) {
    this.ground = ground;
    this.redis = redis;
    this.ear = ear;
    this.leaderships = leaderships;
    this.numbers = new Numbers(ground.plan().tasks(), ground.seen());
    this.inquiry = new Inquiry(ground);
  }

  Mono<Report> report() {
    ChaosScenario.Plan plan = ground.plan();
    ground
        .stage()
        .say(
            "%nchaos: %,d tasks, %,d swarms, %d servers, %d kills, seed %d%n",
            plan.tasks(), plan.crowd().swarms(), plan.servers().count(), plan.kills(), plan.seed());
    return ground
        .places()
        .start()
        .then(Mono.defer(this::survived))
        .flatMap(
            nanos ->
                inquiry
                    .audit()
                    .then(inquiry.leftOver())
                    .map(left -> new ChaosSummary(ground, leaderships, left).report(nanos)));
  }

  /** How long it took. */
  private Mono<Long> survived() {
    List<WorkerSession> workers = workers();
    var executioner = new Executioner(ground, redis, ear, workers, numbers);
    long began = ground.clock().now(TimeUnit.NANOSECONDS);
    Mono<Void> done =
        Mono.when(
                executioner.strikeAll(),
                Flux.fromIterable(submitters()).flatMap(SubmitterSession::run))
            .then(quiet());
    // Those at work never end by themselves, and a failure of theirs would be a defect of ours.
    return Progress.each(BETWEEN_LINES, ground.stage(), this::line)
        .during(
            Mono.firstWithSignal(
                done,
                Flux.fromIterable(workers).flatMap(WorkerSession::run, workers.size()).then(),
                inquiries()))
        .then(Mono.fromSupplier(() -> ground.clock().now(TimeUnit.NANOSECONDS) - began));
  }

  private Mono<Void> quiet() {
    return Quiet.reached(
        ground.seen().ledger()::isQuiet, ground.seen()::completedCount, PATIENCE, ground.clock());
  }

  private Mono<Void> inquiries() {
    return Flux.interval(BETWEEN_INQUIRIES, ground.clock())
        .onBackpressureDrop()
        .concatMap(tick -> inquiry.settle(), 1)
        .then();
  }

  private List<WorkerSession> workers() {
    ChaosScenario.Crowd crowd = ground.plan().crowd();
    String run = "chaos-%06x-".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    List<WorkerSession> workers = new ArrayList<>();
    for (int i = 0; i < crowd.sessions(); i++) {
      int size = Math.min(crowd.perSession(), crowd.swarms() - i * crowd.perSession());
      workers.add(new WorkerSession(ground, run + i, size, i % SLOW_ONE_IN == 0));
    }
    return workers;
  }

  private List<SubmitterSession> submitters() {
    return STRATEGIES.stream()
        .map(strategy -> new SubmitterSession(ground, numbers, strategy))
        .toList();
  }

  private String line() {
    return String.format(
        Locale.ROOT,
        "accepted %,9d   completed %,9d   unfinished %,7d",
        ground.seen().acceptedCount(),
        ground.seen().completedCount(),
        ground.seen().unfinished());
  }
}
