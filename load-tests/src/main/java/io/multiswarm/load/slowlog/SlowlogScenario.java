package io.multiswarm.load.slowlog;

import io.multiswarm.load.baseline.BarePulse;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.RedisServerProcess;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import io.multiswarm.load.target.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * A large fleet with very many lanes of tasks that nobody can do, and large tasks, states, messages
 * and histories in it; everything is listed, voted about and copied; then the server is killed, and
 * another one sweeps, recovers, cancels and archives.
 *
 * <p><b>Invariant.</b> No script and no other command stops Redis for longer than the limit, by its
 * own {@code SLOWLOG}. Where that is allowed Redis runs before all other processes; beside all of
 * it a bare script stores and publishes as many bytes, and {@link SlowCalls} tells by that a slow
 * machine from a slow script.
 */
public final class SlowlogScenario implements Scenario {

  private static final int PER_SESSION = 100;

  /** Enough that nothing is forgotten; and to see what is on its way to the limit. */
  private static final int ENTRIES = 20_000;

  private static final int TOLD_FROM = 4;
  private static final Duration PULSE = Duration.ofMillis(250);

  private static final List<String> FLAGS =
      List.of(
          "--state-bytes",
          "1GiB",
          "--max-state-bytes-per-principal",
          "1GiB",
          "--swarm-max-count",
          "20000",
          "--max-swarms-per-principal",
          "20000");

  /**
   * What is asked of the scenario.
   *
   * @param swarms in the fleet
   * @param lanes of tasks that no swarm is able to do
   * @param large things of each kind
   * @param bytes of each of them
   * @param limit of a call
   * @param times that one exceeds it before that is its own doing
   * @param redis the redis-server that is asked so much of; the bundled one when there is none
   */
  public record Plan(
      int swarms,
      int lanes,
      int large,
      int bytes,
      Duration limit,
      int times,
      Optional<Path> redis,
      Path jar,
      List<String> flags) {

    public Plan {
      if (swarms < PER_SESSION || large > PER_SESSION || large < 2) {
        throw new IllegalArgumentException(
            "There are %d swarms at least, and 2 to %d large things of each kind"
                .formatted(PER_SESSION, PER_SESSION));
      }
    }
  }

  private final Plan plan;
  private final AtomicLong refused = new AtomicLong();

  public SlowlogScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "No call stops Redis for long, however large and many the things are.";
  }

  @Override
  public Need need() {
    return Need.NOTHING;
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    context.say(
        "%nslowlog: %,d swarms, %,d lanes, %d things of %,d bytes of each kind%n",
        plan.swarms(), plan.lanes(), plan.large(), plan.bytes());
    return Mono.usingWhen(
        plan.redis()
            .map(program -> RedisServerProcess.start(program, Sync.EVERYSEC, context.clock()))
            .orElseGet(() -> RedisServerProcess.start(Sync.EVERYSEC, context.clock())),
        redis -> on(redis, context),
        RedisServerProcess::close);
  }

  private Mono<Report> on(RedisServerProcess redis, ScenarioContext context) {
    long micros = TimeUnit.NANOSECONDS.toMicros(plan.limit().toNanos());
    return redis
        .configure("slowlog-max-len", Integer.toString(ENTRIES))
        .then(redis.configure("slowlog-log-slower-than", Long.toString(micros / TOLD_FROM)))
        .then(redis.favour())
        .zipWhen(
            any ->
                Mono.usingWhen(
                    BarePulse.start(redis.uri(), plan.bytes(), PULSE, context.clock()),
                    pulse -> played(redis, new PhaseLog(redis, pulse, ENTRIES, context), context),
                    BarePulse::close))
        .map(seen -> report(seen.getT1(), seen.getT2(), micros));
  }

  private Mono<List<Phase>> played(
      RedisServerProcess redis, PhaseLog log, ScenarioContext context) {
    return firstLife(redis, log, context).then(secondLife(redis, log, context)).then(log.end());
  }

  private Report report(boolean isFavoured, List<Phase> phases, long micros) {
    var report = new Report("slowlog");
    new SlowCalls(micros, plan.times()).judge(phases, ScriptNames.of(plan.jar())::of, report);
    report
        .section("beside it")
        .row("Redis ran before all other processes", isFavoured ? "yes" : "no")
        .row("calls refused for a while", refused.get());
    return report;
  }

  private Mono<ServerProcess> server(RedisServerProcess redis, ScenarioContext context) {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(plan.flags());
    return ServerProcess.start(plan.jar(), redis.uri(), flags, context.http(), context.clock());
  }

  /** Ends with the death of the server. */
  private Mono<Void> firstLife(RedisServerProcess redis, PhaseLog log, ScenarioContext context) {
    return Mono.usingWhen(
        server(redis, context),
        server ->
            new LargeFleet(plan, refused, server.url(), context)
                .live(log)
                .then(server.kill())
                .then(),
        ServerProcess::close);
  }

  private Mono<Void> secondLife(RedisServerProcess redis, PhaseLog log, ScenarioContext context) {
    return Mono.usingWhen(
        server(redis, context),
        server -> new Heirs(plan, refused, server.url(), context).live(log),
        ServerProcess::close);
  }

  static SimulatedSwarms.Size size(Plan plan) {
    return new SimulatedSwarms.Size(plan.swarms(), PER_SESSION);
  }
}
