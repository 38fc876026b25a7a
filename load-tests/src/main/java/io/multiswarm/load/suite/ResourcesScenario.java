package io.multiswarm.load.suite;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.history.Witness;
import io.multiswarm.load.judge.ResourceJudge;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/**
 * Many swarms want of one resource, more together than there is. They take some, hold it for a
 * moment and release it; now and then one's connection is cut while it holds some, and it comes
 * back as another swarm.
 *
 * <p><b>Invariant.</b> At no moment is more allocated than there is, no answer tells an impossible
 * amount, and when everybody has gone, all of it is there again.
 */
final class ResourcesScenario implements Scenario {

  private static final Duration LONGEST_HOLD = Duration.ofMillis(40);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CUT_ONE_IN = 40;
  private static final int MOST_AT_ONCE = 3;

  /**
   * What is asked of the scenario.
   *
   * @param swarms that want some at a time
   * @param total of the resource
   * @param duration of the load
   * @param seed of everything that is random
   */
  public record Plan(int swarms, int total, Duration duration, long seed) {
    public Plan {
      if (swarms < 1 || total < MOST_AT_ONCE) {
        throw new IllegalArgumentException(
            "There is at least one swarm, and %d of the resource".formatted(MOST_AT_ONCE));
      }
    }
  }

  private final Plan plan;

  public ResourcesScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "At no moment is more of a resource allocated than there is, and what the dead held comes"
        + " back.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    return new Run(plan, context).report();
  }

  /** One run; random things and the history may be used by one connection after the other. */
  private static final class Run {

    private final Plan plan;
    private final ScenarioContext context;
    private final String type;
    private final Random random;
    private final Witness witness;
    private final Latencies latencies = new Latencies();

    Run(Plan plan, ScenarioContext context) {
      this.plan = plan;
      this.context = context;
      this.random = new Random(plan.seed());
      this.witness = new Witness(this::now, Fault::outcome);
      this.type = "load-%06x".formatted(new Random().nextInt(1 << 24));
    }

    Mono<Report> report() {
      context.say("%nresources: %,d swarms want of %,d%n", plan.swarms(), plan.total());
      long end = now() + plan.duration().toNanos();
      return Mono.usingWhen(
          context.connector().connect(context.url()).delayUntil(SwarmClient::open),
          watcher ->
              call(watcher, 0, "resource.define", Map.of("type", type, "total", plan.total()))
                  .thenMany(Flux.range(1, plan.swarms()))
                  .flatMap(worker -> work(worker, end), plan.swarms())
                  .then(Mono.defer(() -> settled(watcher)))
                  .map(this::summary),
          watcher -> watcher.close().onErrorComplete());
    }

    /** One life after the other. */
    private Mono<Void> work(int worker, long end) {
      return Mono.defer(() -> life(worker, end)).repeat(() -> now() < end).then();
    }

    private Mono<Void> life(int worker, long end) {
      String swarm = "%s-%d-%06x".formatted(type, worker, any(1 << 24));
      return context
          .connector()
          .connect(context.url())
          .flatMap(
              client ->
                  client
                      .open()
                      .then(
                          client.request("swarm.create", Map.of("id", swarm, "objective", "want")))
                      .thenMany(
                          Mono.defer(() -> turn(client, worker, swarm))
                              .repeat()
                              .takeUntil(cut -> cut || now() >= end))
                      .last()
                      .flatMap(
                          cut -> cut ? cut(client, worker, swarm) : leave(client, worker, swarm)));
    }

    /** Whether it ends without a word now. */
    private Mono<Boolean> turn(SwarmClient client, int worker, String swarm) {
      int amount = 1 + any(MOST_AT_ONCE);
      long began = now();
      return call(client, worker, "resource.allocate", wanted(swarm, amount))
          .doOnSuccess(given -> latencies.record(now() - began))
          .then(Mono.delay(Duration.ofNanos(any((int) LONGEST_HOLD.toNanos())), client.scheduler()))
          .then(Mono.defer(() -> released(client, worker, swarm)))
          .onErrorResume(Fault.class, exhausted -> Mono.just(false));
    }

    private Mono<Boolean> released(SwarmClient client, int worker, String swarm) {
      return any(CUT_ONE_IN) == 0
          ? Mono.just(true)
          : call(client, worker, "resource.release", Map.of("swarmId", swarm, "type", type))
              .thenReturn(false);
    }

    private Map<String, Object> wanted(String swarm, int amount) {
      return Map.of(
          "swarmId",
          swarm,
          "type",
          type,
          "amount",
          amount,
          "waitMs",
          500,
          "requestId",
          "r%016x".formatted(any64()));
    }

    private Mono<Void> cut(SwarmClient client, int worker, String swarm) {
      return Mono.fromRunnable(
          () -> {
            ended(worker, swarm);
            context.mark("connection of a holder cut");
            client.cut();
          });
    }

    private Mono<Void> leave(SwarmClient client, int worker, String swarm) {
      return Mono.fromRunnable(() -> ended(worker, swarm))
          .then(client.request("swarm.deregister", Map.of("swarmId", swarm)).then())
          .then(client.close().onErrorComplete());
    }

    /** What it held may be free from now on. */
    private void ended(int worker, String swarm) {
      witness.event(worker, "session.ended", Map.of("swarms", List.of(swarm)));
    }

    private Mono<JsonNode> call(
        SwarmClient client, int worker, String method, Map<String, Object> params) {
      return witness.of(worker, method, params, client.request(method, params));
    }

    /** Completes with what is left when all of it is there, or when that takes too long. */
    private Mono<JsonNode> settled(SwarmClient watcher) {
      return Mono.defer(() -> watcher.request("resource.list", Map.of("type", type)))
          .map(answer -> answer.path("resources").path(0))
          .flatMap(
              seen ->
                  seen.path("available").asLong() == plan.total()
                      ? Mono.just(seen)
                      : Mono.error(new StillHeld(seen)))
          .retryWhen(
              Retry.fixedDelay(PATIENCE.dividedBy(LOOK_AGAIN), LOOK_AGAIN)
                  .scheduler(context.clock())
                  .filter(StillHeld.class::isInstance)
                  .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
          .onErrorResume(StillHeld.class, held -> Mono.just(held.seen));
    }

    private Report summary(JsonNode left) {
      ResourceJudge.Verdict verdict = ResourceJudge.judge(witness.operations());
      var report = new Report("resources");
      report
          .section("resources")
          .row("granted", verdict.granted())
          .row("operations", witness.operations().size())
          .row("available in the end", left.path("available").asLong())
          .row("asked to granted", latencies.total());
      report.curve("asked to granted", latencies);
      verdict.defects().forEach(report::defects);
      verdict.examples().forEach(report::defect);
      if (left.path("available").asLong() != plan.total()) {
        report.defect(
            "expected %d available when all had gone, observed %s".formatted(plan.total(), left));
      }
      if (verdict.granted() == 0) {
        report.defect("nothing was granted, so nothing was judged");
      }
      return report;
    }

    private int any(int bound) {
      synchronized (random) {
        return random.nextInt(bound);
      }
    }

    private long any64() {
      synchronized (random) {
        return random.nextLong();
      }
    }

    private long now() {
      return context.clock().now(TimeUnit.NANOSECONDS);
    }
  }

  /** Somebody holds some yet. */
  private static final class StillHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient JsonNode seen;

    StillHeld(JsonNode seen) {
      super(seen.toString(), null, false, false);
      this.seen = seen;
    }
  }
}
