package io.multiswarm.load.suite;

import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.ServerProcess;
import io.multiswarm.load.target.SharedRedis;
import io.multiswarm.load.target.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Swarms save their state again and again, and take snapshots of it and checkpoints; their server
 * is killed while they do. On the next one each recovers, now and then after its state was deleted,
 * and so from a copy.
 *
 * <p><b>Invariant.</b> What is recovered from the state is the last version that was acknowledged,
 * or one that was on its way then; what comes from a copy is what was copied; and versions only
 * grow.
 */
final class RecoveryScenario implements Scenario {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What is asked of the scenario.
   *
   * @param kills of the server
   * @param work how long states are saved before each
   * @param topology of the Redis that keeps them
   */
  public record Plan(
      int swarms, int kills, Duration work, Path jar, List<String> flags, Topology topology) {
    public Plan {
      if (swarms < 1 || kills < 1) {
        throw new IllegalArgumentException("There is at least one swarm, and one kill");
      }
    }
  }

  private final Plan plan;

  public RecoveryScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "What was acknowledged of a state, a snapshot or a checkpoint is recovered after its server"
        + " died.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    context.say("%nrecovery: %,d swarms, %d kills of their server%n", plan.swarms(), plan.kills());
    return Mono.usingWhen(
        plan.topology().start(Sync.ALWAYS, context.clock()),
        redis -> on(redis.uri(), context),
        SharedRedis::close);
  }

  private Mono<Report> on(URI redis, ScenarioContext context) {
    List<SavingSwarm> swarms = new ArrayList<>();
    for (int i = 0; i < plan.swarms(); i++) {
      swarms.add(new SavingSwarm("saving-" + i, i % 2 == 0, context));
    }
    return Flux.range(0, plan.kills())
        .concatMap(kill -> life(redis, swarms, context), 1)
        .then(Mono.defer(() -> lastLife(redis, swarms, context)))
        .then(Mono.fromSupplier(() -> summary(swarms)));
  }

  /** A server from its start to its death. */
  private Mono<Void> life(URI redis, List<SavingSwarm> swarms, ScenarioContext context) {
    return Mono.usingWhen(
        server(redis, context),
        server ->
            Flux.fromIterable(swarms)
                .flatMap(swarm -> board(swarm, server.url(), context))
                .then(Mono.defer(() -> saving(swarms, server, context))),
        server -> server.kill().then());
  }

  private Mono<Void> saving(
      List<SavingSwarm> swarms, ServerProcess server, ScenarioContext context) {
    Mono<Void> all = Flux.fromIterable(swarms).flatMap(SavingSwarm::save, swarms.size()).then();
    Mono<Void> end =
        Mono.delay(plan.work(), context.clock())
            .then(
                Mono.defer(
                    () -> {
                      context.mark("server killed");
                      return server.kill();
                    }))
            .then();
    return Mono.when(all, end).timeout(PATIENCE, context.clock());
  }

  private Mono<Void> lastLife(URI redis, List<SavingSwarm> swarms, ScenarioContext context) {
    return Mono.usingWhen(
        server(redis, context),
        server ->
            Flux.fromIterable(swarms).flatMap(one -> board(one, server.url(), context)).then(),
        server -> server.close());
  }

  private Mono<ServerProcess> server(URI redis, ScenarioContext context) {
    return ServerProcess.start(plan.jar(), redis, plan.flags(), context.http(), context.clock());
  }

  private static Mono<Void> board(SavingSwarm swarm, URI url, ScenarioContext context) {
    return context
        .connector()
        .connect(url)
        .delayUntil(SwarmClient::open)
        .flatMap(swarm::board)
        .timeout(PATIENCE, context.clock());
  }

  private static Report summary(List<SavingSwarm> swarms) {
    StateJudge.Verdict verdict =
        StateJudge.judge(swarms.stream().flatMap(one -> one.operations().stream()).toList());
    var report = new Report("recovery");
    report
        .section("recovery")
        .row("states saved", verdict.saved())
        .row("recovered", verdict.recovered())
        .row("of these from copies", verdict.fromCopies());
    verdict.defects().forEach(report::defects);
    verdict.examples().forEach(report::defect);
    if (verdict.recovered() == 0 || verdict.fromCopies() == 0) {
      report.defect(
          "expected recoveries from states and from copies, observed none of one of them");
    }
    return report;
  }
}
