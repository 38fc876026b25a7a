package io.multiswarm.load.soak;

import io.multiswarm.load.chaos.Onlooker;
import io.multiswarm.load.faults.ServerSlot;
import io.multiswarm.load.faults.ServerSlots;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.RedisSize;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.soak.SteadyJudge.Growth;
import io.multiswarm.load.soak.SteadyJudge.Measured;
import io.multiswarm.load.target.ServerHeap;
import io.multiswarm.load.target.SharedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Measures what servers and Redis take, again and again. A measurement that gets no answer, as of a
 * Redis that is killed, is left out.
 */
final class Gauges implements Onlooker {

  private static final double MEGA = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Growth OF_HEAP = new Growth(0.1, 16);
  private static final Growth OF_REDIS = new Growth(0.15, 4);
  private static final Growth OF_HANDLES = new Growth(0, 10);

  private final Duration interval;
  private final Map<String, Gauge> gauges = new LinkedHashMap<>();
  private final AtomicInteger leftOut = new AtomicInteger();

  /** What was measured of one thing. */
  private record Gauge(Growth allowed, List<Measured> measured) {}

  /**
   * @param interval from one measurement to the next
   */
  Gauges(Duration interval) {
    this.interval = interval;
  }

  @Override
  public Mono<Void> watch(ServerSlots servers, SharedRedis redis, ScenarioContext context) {
    List<ProcessHandle> processes =
        servers.all().stream().map(ServerSlot::process).flatMap(one -> one.stream()).toList();
    return Mono.usingWhen(
        Flux.fromIterable(processes).concatMap(ServerHeap::of).collectList(),
        heaps ->
            Flux.interval(interval, context.clock())
                .onBackpressureDrop()
                .concatMap(tick -> measure(heaps, redis, context), 1)
                .then(),
        heaps -> Flux.fromIterable(heaps).concatMap(ServerHeap::close).then());
  }

  private Mono<Void> measure(List<ServerHeap> heaps, SharedRedis redis, ScenarioContext context) {
    return Flux.range(0, heaps.size())
        .concatMap(number -> server("server " + (number + 1), heaps.get(number), context))
        .then(
            RedisSize.of(redis.uri())
                .timeout(PATIENCE, context.clock())
                .doOnNext(
                    size -> tell("memory of Redis, MB", size.bytes() / MEGA, OF_REDIS, context)))
        .onErrorResume(gone -> Mono.fromRunnable(leftOut::incrementAndGet))
        .then();
  }

  private Mono<Void> server(String name, ServerHeap heap, ScenarioContext context) {
    return Mono.zip(heap.used(), heap.openFiles(), heap.threads())
        .doOnNext(
            now -> {
              tell("heap of " + name + ", MB", now.getT1() / MEGA, OF_HEAP, context);
              tell("open files of " + name + ", number", now.getT2(), OF_HANDLES, context);
              tell("threads of " + name + ", number", now.getT3(), OF_HANDLES, context);
            })
        .then();
  }

  private void tell(String what, double value, Growth allowed, ScenarioContext context) {
    context.tell(what, value);
    synchronized (gauges) {
      gauges
          .computeIfAbsent(what, any -> new Gauge(allowed, new ArrayList<>()))
          .measured()
          .add(new Measured(context.seconds(), value));
    }
  }

  @Override
  public void addTo(Report report) {
    Report.Section section = report.section("after the warm-up, and in the end");
    synchronized (gauges) {
      gauges.forEach(
          (what, gauge) -> {
            SteadyJudge.Verdict verdict =
                SteadyJudge.judge(what, gauge.measured(), gauge.allowed());
            section.row(what, verdict.before()).row(what + ", in the end", verdict.after());
            if (!verdict.isSteady()) {
              report.defect(verdict.words());
            }
          });
      if (gauges.isEmpty()) {
        report.defect("nothing was measured beside the work, so nothing was judged");
      }
    }
    section.row("measurements left out", leftOut.get());
  }
}
