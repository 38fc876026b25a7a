package io.multiswarm.load.suite;

import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerHeap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Swarms come, subscribe, write to the next one, save a state, ask for work, and go: wave after
 * wave, each with swarms of its own. Half of them say goodbye; the connections of the others are
 * closed after they have deregistered.
 *
 * <p><b>Invariant.</b> After a wave everything is as it was after an earlier one: the keys of Redis
 * and its memory, the server's heap after a collection, its open files and its threads. The first
 * half of the waves fills what is bounded, such as histories that all share; the second half
 * counts.
 */
final class ChurnScenario implements Scenario {

  private static final Duration SETTLE = Duration.ofSeconds(2);

  /**
   * What is asked of the scenario.
   *
   * @param waves of swarms, one after the other
   * @param swarms of each wave
   * @param perSession of them in a session
   * @param growth that is allowed
   */
  public record Plan(int waves, int swarms, int perSession, Growth growth) {
    public Plan {
      if (waves < 2) {
        throw new IllegalArgumentException("What came back is seen after two waves at least");
      }
    }
  }

  /**
   * From the middle to the end.
   *
   * @param keys of Redis without a TTL
   * @param bytesASwarm of Redis, for each swarm that has gone
   * @param heapBytes of the server
   * @param files and threads of it, each
   */
  public record Growth(long keys, long bytesASwarm, long heapBytes, long files) {

    /** What measures differ by when nothing grows, and what an archive takes. */
    public static final Growth NONE = new Growth(20, 8 << 10, 8 << 20, 5);
  }

  private final Plan plan;

  public ChurnScenario(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String promise() {
    return "When swarms have come and gone, Redis and the server are as they were before.";
  }

  @Override
  public Mono<Report> run(ScenarioContext context) {
    ProcessHandle server =
        context
            .server()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "This scenario looks into a server of its own, so it takes no --url"));
    context.say("%nchurn: %d waves of %,d swarms%n", plan.waves(), plan.swarms());
    return Mono.usingWhen(
        ServerHeap.of(server),
        heap -> waves(new Footprint.Gauge(heap, context.knownRedis()), context),
        ServerHeap::close);
  }

  private Mono<Report> waves(Footprint.Gauge gauge, ScenarioContext context) {
    List<Footprint> seen = new ArrayList<>();
    return Flux.range(1, plan.waves())
        .concatMap(
            wave ->
                wave(context)
                    .then(Mono.delay(SETTLE, context.clock()))
                    .then(Mono.defer(gauge::read))
                    .doOnNext(
                        now -> {
                          seen.add(now);
                          now.tell(context);
                          context.say("%4d of %d  %s%n", wave, plan.waves(), now);
                        }),
            1)
        .then(Mono.fromSupplier(() -> summary(seen)));
  }

  private Mono<Void> wave(ScenarioContext context) {
    var fleet =
        new SimulatedSwarms(
            context.connector(),
            context.url(),
            new SimulatedSwarms.Size(plan.swarms(), plan.perSession()),
            any -> Map.of());
    return Mono.usingWhen(
        Mono.just(fleet),
        any -> fleet.assemble(ChurnScenario::live).then(),
        any -> fleet.dismiss());
  }

  private static Mono<Void> live(SimulatedSwarms.Member member) {
    member.notifications().subscribe();
    var tasking = new Tasking(member.client(), new StampedData(StampedData.SMALLEST), "");
    return Flux.fromIterable(member.swarms())
        .flatMap(swarm -> live(swarm, member, tasking), SimulatedSwarms.REQUESTS_AT_ONCE)
        .then();
  }

  private static Mono<Void> live(String swarm, SimulatedSwarms.Member member, Tasking tasking) {
    Map<String, Object> note =
        Map.of("from", swarm, "to", swarm, "type", "note", "data", Map.of("n", 1));
    Map<String, Object> state = Map.of("swarmId", swarm, "state", Map.of("phase", "passing"));
    return member
        .client()
        .request("channel.subscribe", Map.of("channel", "swarm:" + swarm))
        .then(member.client().request("message.send", note))
        .then(member.client().request("state.save", state))
        .then(tasking.request(swarm, 1));
  }

  private Report summary(List<Footprint> seen) {
    Footprint before = seen.get(plan.waves() / 2 - 1);
    Footprint after = seen.get(plan.waves() - 1);
    var report = new Report("churn");
    before.addTo(report.section("after %d waves".formatted(plan.waves() / 2)));
    after.addTo(report.section("after %d waves".formatted(plan.waves())));
    Growth allowed = plan.growth();
    long gone = (long) plan.swarms() * (plan.waves() - plan.waves() / 2);
    report
        .section("what a swarm leaves for a while")
        .row("keys", (after.redis().keys() - before.redis().keys()) / (double) gone)
        .row("bytes", (after.redis().bytes() - before.redis().bytes()) / (double) gone);
    hold(
        report,
        "keys of Redis without a TTL",
        before,
        after,
        one -> one.redis().lasting(),
        allowed.keys());
    hold(
        report,
        "bytes of Redis",
        before,
        after,
        one -> one.redis().bytes(),
        gone * allowed.bytesASwarm());
    hold(report, "bytes of heap", before, after, Footprint::heapBytes, allowed.heapBytes());
    hold(report, "open files", before, after, Footprint::files, allowed.files());
    hold(report, "threads", before, after, Footprint::threads, allowed.files());
    return report;
  }

  private static void hold(
      Report report,
      String what,
      Footprint before,
      Footprint after,
      ToDoubleFunction<Footprint> measure,
      long growth) {
    double was = measure.applyAsDouble(before);
    double is = measure.applyAsDouble(after);
    if (is > was + growth) {
      report.defect(
          "expected at most %,.0f %s (%,.0f and %,d), observed %,.0f"
              .formatted(was + growth, what, was, growth, is));
    }
  }
}
