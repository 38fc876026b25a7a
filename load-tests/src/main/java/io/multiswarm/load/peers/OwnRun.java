package io.multiswarm.load.peers;

import io.multiswarm.load.peers.PartReport.Reading;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.Scenario;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.Blocking;
import io.multiswarm.load.target.Target;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Another scenario that a stage runs, and the numbers that it takes of its report.
 *
 * @param section of the report, in which they are
 */
record OwnRun(Scenario scenario, String section, Map<Metric, Reading> readings) {

  /** Runs it on a target, without a word. */
  Mono<StageResult> on(Target target, ScenarioContext context) {
    // The library seeds its random ids when it is built, which no event loop should wait for.
    return Blocking.call(() -> scenario.run(context.on(target)))
        .flatMap(Function.identity())
        .map(this::result);
  }

  private StageResult result(Report report) {
    var part = new PartReport(report, section);
    Map<Metric, Double> measured = new EnumMap<>(Metric.class);
    readings.forEach((metric, reading) -> measured.put(metric, reading.in(part)));
    return new StageResult(measured, report.defects());
  }
}
